"""Service levels: whether what the contracts asked for was done within its days. They time the service and say nothing of what was done."""

from collections.abc import Callable, Iterable

from domain.policy import Policy
from domain.words import said, unit
from projections.contact_metric import monthly_contact
from projections.lasting import Lasting
from projections.measure import Measure, Words, of_lasting
from projections.service_clocks import after_release, allocation, breach_limits, first_appointment, plan
from projections.story import Story

MEANING = said(
    "A service level says whether something was arranged or sent within its days. It can be met without any purposeful contact, and "
    "missed where supervision was good, so it stands apart from purposeful activity."
)
COUNTED = (said("in time"), said("late or not done"))


THEME = said("Service levels")
Limits = Callable[[Story, Policy], Iterable[Lasting]]


def _level(name: str, title: str, code: str, definition: str, rule: str, limits: Limits) -> Measure:
    """A level that is one limit of working days, which `rule` sets."""
    question = said("{title}: was it done within its working days?", title=title)
    source = said("Contract service level {code}", code=code)
    return of_lasting(Words(name, title, THEME, question, definition, source, COUNTED, (rule,), unit("limit", "limits")), limits)


MEASURES = (
    _level(
        "allocation",
        said("Allocation decided"),
        "NPS SL002",
        said("After a sentence in a case that nobody held yet: the day on which it was given to a team, by the end of the limit."),
        "allocation.decided_within_working_days",
        allocation,
    ),
    _level(
        "first-appointment",
        said("First appointment after allocation"),
        "CRC SL001R, NPS SL003R",
        said(
            "Community and suspended sentence orders: the day for which a first appointment in person or by video was arranged, "
            "whether or not it was kept. One that the service called off does not count."
        ),
        "service_levels.first_appointment_working_days",
        first_appointment,
    ),
    _level(
        "after-release",
        said("First appointment after release"),
        "CRC SL002R, NPS SL004R",
        said("Release on licence: the day for which a first appointment in person or by video was arranged, whether or not it was kept."),
        "service_levels.after_release_working_days",
        after_release,
    ),
    _level(
        "plan",
        said("Plan after the first appointment kept"),
        "SL003, SL004, SL006",
        said("The day on which the plan was complete, counted from the first appointment that was attended."),
        "plan.due_working_days",
        plan,
    ),
    _level(
        "breach-referred",
        said("Breach referred by a CRC"),
        "CRC AE",
        said("The day of the referral to the NPS, counted from the day on which the CRC became aware."),
        "enforcement.crc_referral_working_days",
        lambda story, policy: story.once(breach_limits, policy).crc_referral,
    ),
    _level(
        "breach-presented-for-crc",
        said("Breach of a CRC presented by the NPS"),
        "NPS SL015",
        said(
            "The day on which it was presented to court, counted from the referral; one that was returned counts from its second referral."
        ),
        "enforcement.nps_referral_working_days",
        lambda story, policy: story.once(breach_limits, policy).presented_for_crc,
    ),
    _level(
        "breach-presented",
        said("Breach of the NPS presented"),
        "NPS SL014",
        said("The day on which it was presented to court, counted from the day on which the NPS became aware."),
        "enforcement.nps_presentation_working_days",
        lambda story, policy: story.once(breach_limits, policy).presented,
    ),
    of_lasting(
        Words(
            "monthly-contact",
            said("Monthly contact"),
            THEME,
            said("Of the whole months of supervision, how many had a contact offered and, if it was missed, followed up?"),
            said(
                "Each whole month of supervision: an appointment face to face with the officer or whoever stood in was offered, and "
                "one was attended or a missed one was followed up within the limit. Offers and follow-up count here, not what was "
                "done."
            ),
            said("Contract service level CRC AK"),
            COUNTED,
            ("enforcement.follow_up_working_days",),
            unit("month", "months"),
        ),
        monthly_contact,
    ),
)
