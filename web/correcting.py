"""How each kind of entry that may be corrected is shown in a form, and read back from it; what is not touched stays as it was."""

from datetime import datetime, time
from typing import TypeVar

import msgspec

from domain.appointment import OutcomeRecorded
from domain.contact import LONGEST_NOTE, ContactRecorded, Privacy, Purpose, Work
from domain.enforcement import ACTIONS, EnforcementActionTaken
from domain.entry import Correctable
from domain.outcome import OUTCOMES, USUAL
from domain.plan import PlanReviewed, ReviewKind
from domain.requirement import RarDayCredited
from domain.risk import Rosh, RoshAssessed, SignificantEvent, SignificantEventNoted
from domain.upw_completion import CompletedBy, UpwCompleted
from domain.upw_session import UpwAttendanceRecorded
from domain.words import begun
from domain.working_days import LONDON, local_day
from projections.plans import objectives
from projections.sentences import Requirement, requirements
from projections.story import Story
from web.forms import Form, options
from web.language import gettext, in_language
from web.words import plural

LONGEST_DAY = 24 * 60
T = TypeVar("T")


class Choices(msgspec.Struct, frozen=True):
    """What the fields of the form offer, as (value, words)."""

    purposes: list[tuple[str, str]]
    objectives: list[tuple[str, str]]
    requirements: list[tuple[str, str]]
    outcomes: list[tuple[str, str]]
    levels: list[tuple[str, str]]
    events: list[tuple[str, str]]
    reviews: list[tuple[str, str]]
    actions: list[tuple[str, str]]
    privacies: list[tuple[str, str]]
    ends: list[tuple[str, str]]


def choices(story: Story) -> Choices:
    """Objectives and requirements are the case's own, those of ended sentences too: the entry may be older than the end."""
    others = [code for code in OUTCOMES if code not in USUAL]
    return Choices(
        options(Purpose),
        [(str(o.number), o.topic) for o in objectives(story)],
        [(str(r.number), _requirement(r)) for r in requirements(story)],
        [(code, in_language(OUTCOMES[code].description)) for code in (*USUAL, *others)],
        options(Rosh),
        options(SignificantEvent),
        options(ReviewKind),
        [(code, in_language(action.description)) for code, action in ACTIONS.items()],
        options(privacy for privacy in Privacy if privacy is not Privacy.NOT_KNOWN),
        options(CompletedBy),
    )


def _requirement(required: Requirement) -> str:
    return begun(in_language(required.kind)) + (f", {plural(required.amount, required.unit[:-1])}" if required.amount else "")


def shown(reads: Correctable, number: int) -> Form:
    """The form filled in with how the entry reads; `number` is the entry that says so."""
    stood = str(number)
    match reads:
        case ContactRecorded():
            return _worked(Form(stood=stood, occurred_at=reads.occurred_at), reads)
        case OutcomeRecorded():
            return _worked(Form(stood=stood, outcome=reads.outcome), reads)
        case RoshAssessed():
            return Form(stood=stood, level=reads.level.value, rationale=reads.rationale)
        case SignificantEventNoted():
            return Form(stood=stood, event=reads.kind.value, note=reads.note)
        case EnforcementActionTaken():
            return Form(stood=stood, action=reads.action, note=reads.reason)
        case UpwAttendanceRecorded():
            return _session(stood, reads)
        case RarDayCredited():
            day = local_day(reads.occurred_at)
            return Form(stood=stood, done_at=day, activity=reads.activity, minutes=str(reads.minutes), note=reads.note)
        case PlanReviewed():
            with_person = "yes" if reads.with_person else ""
            return Form(stood=stood, kind=reads.kind.value, with_person=with_person, review=reads.review)
        case UpwCompleted():
            return Form(stood=stood, how=reads.how.value, note=reads.note)


def _session(stood: str, reads: UpwAttendanceRecorded) -> Form:
    return Form(
        stood=stood,
        outcome=reads.outcome,
        minutes_credited=str(reads.minutes_credited),
        penalty_minutes=str(reads.penalty_minutes or ""),
        travel_minutes=str(reads.travel_minutes or ""),
        ete="yes" if reads.ete else "",
        note=reads.note,
    )


def _worked(form: Form, reads: ContactRecorded | OutcomeRecorded) -> Form:
    work = reads.work
    form.values |= {
        "minutes": "" if reads.minutes is None else str(reads.minutes),
        "purposes": [p.value for p in work.purposes],
        "objectives": [str(n) for n in work.objectives],
        "requirements": [str(n) for n in work.requirements],
        "risk_action": "yes" if work.risk_action else "",
        "sensitive": "yes" if reads.sensitive else "",
        "note": reads.note,
        "privacy": "" if reads.privacy is Privacy.NOT_KNOWN else reads.privacy.value,
    }
    return form


def read(form: Form, was: Correctable, offered: Choices) -> Correctable:
    """How the entry should read. What is wrong stands in the form, and the answer is then of no use."""
    match was:
        case ContactRecorded():
            at = _moment(form, was.occurred_at)
            return msgspec.structs.replace(
                was,
                occurred_at=at,
                minutes=_minutes(form),
                work=_work(form, was.work, offered),
                sensitive=_ticked(form, "sensitive"),
                privacy=_privacy(form),
                note=_text(form, "note", was.note),
            )
        case OutcomeRecorded():
            return msgspec.structs.replace(
                was,
                outcome=form.one_of("outcome", OUTCOMES, gettext("Select the outcome")),
                minutes=_minutes(form),
                work=_work(form, was.work, offered),
                sensitive=_ticked(form, "sensitive"),
                privacy=_privacy(form),
                note=_text(form, "note", was.note),
            )
        case RoshAssessed():
            level = form.choice("level", Rosh, gettext("Select the level of risk"))
            return msgspec.structs.replace(
                was, level=level or was.level, rationale=_text(form, "rationale", was.rationale, gettext("Enter the reasons for the level"))
            )
        case SignificantEventNoted():
            kind = form.choice("event", SignificantEvent, gettext("Select what happened"))
            return msgspec.structs.replace(was, kind=kind or was.kind, note=_text(form, "note", was.note, gettext("Enter what happened")))
        case EnforcementActionTaken():
            action = form.one_of("action", ACTIONS, gettext("Select the enforcement action"))
            return msgspec.structs.replace(was, action=action, reason=_text(form, "note", was.reason))
        case UpwAttendanceRecorded():
            return _attendance(form, was)
        case RarDayCredited():
            return _rar_day(form, was)
        case PlanReviewed():
            return _plan_review(form, was)
        case UpwCompleted():
            how = form.choice("how", CompletedBy, gettext("Select how it ended"))
            return msgspec.structs.replace(was, how=how or was.how, note=_text(form, "note", was.note))


def _attendance(form: Form, was: UpwAttendanceRecorded) -> UpwAttendanceRecorded:
    outcome = form.one_of("outcome", OUTCOMES, gettext("Select the outcome"))
    penalty = form.whole("penalty_minutes", gettext("Penalty minutes"), 0, was.minutes_offered, optional=True) or 0
    travel = form.whole("travel_minutes", gettext("Travel minutes"), 0, LONGEST_DAY, optional=True) or 0
    credited = form.whole("minutes_credited", gettext("Minutes credited"), 0, was.minutes_offered - penalty + travel)
    if outcome and credited and not OUTCOMES[outcome].attended:
        form.wrong("minutes_credited", gettext("No minutes can be credited to a person who did not attend"))
    return msgspec.structs.replace(
        was,
        outcome=outcome,
        minutes_credited=credited or 0,
        penalty_minutes=penalty,
        travel_minutes=travel,
        ete=_ticked(form, "ete"),
        note=_text(form, "note", was.note),
    )


def _plan_review(form: Form, was: PlanReviewed) -> PlanReviewed:
    kind = form.choice("kind", ReviewKind, gettext("Select the kind of review"))
    review = _text(form, "review", was.review, gettext("Enter the review"))
    return msgspec.structs.replace(was, kind=kind or was.kind, with_person=_ticked(form, "with_person"), review=review)


def _rar_day(form: Form, was: RarDayCredited) -> RarDayCredited:
    day = form.day("done_at", gettext("The date of the day credited"))
    same = day is None or day == local_day(was.occurred_at)
    return msgspec.structs.replace(
        was,
        occurred_at=was.occurred_at if same else datetime.combine(day or local_day(was.occurred_at), time(12), LONDON),
        activity=form.text("activity", gettext("Enter what was done"), longest=200),
        minutes=form.whole("minutes", gettext("Minutes"), 1, LONGEST_DAY) or 0,
        note=_text(form, "note", was.note),
    )


def _minutes(form: Form) -> int | None:
    return form.whole("minutes", gettext("Minutes"), 1, LONGEST_DAY, optional=True)


def _privacy(form: Form) -> Privacy:
    offered = [privacy.value for privacy in Privacy]
    return Privacy(
        form.one_of("privacy", offered, gettext("Select where you could talk from the list"), optional=True) or Privacy.NOT_KNOWN
    )


def _ticked(form: Form, name: str) -> bool:
    return form.raw(name) == "yes"


def _work(form: Form, was: Work, offered: Choices) -> Work:
    purposes = form.several("purposes", [value for value, _ in offered.purposes], gettext("Select purposes from the list"))
    objectives = form.numbers("objectives", [int(n) for n, _ in offered.objectives], gettext("Select objectives of this case's plan"))
    required = form.numbers(
        "requirements", [int(n) for n, _ in offered.requirements], gettext("Select requirements of this case's sentences")
    )
    return Work(
        purposes=_in_order(tuple(Purpose(p) for p in purposes), was.purposes),
        objectives=_in_order(objectives, was.objectives),
        requirements=_in_order(required, was.requirements),
        risk_action=_ticked(form, "risk_action"),
    )


def _in_order(ticked: tuple[T, ...], was: tuple[T, ...]) -> tuple[T, ...]:
    """The same boxes ticked in another order are no change."""
    return was if set(ticked) == set(was) else ticked


def _text(form: Form, name: str, was: str, missing: str = "") -> str:
    """The text typed; spaces around it that the form takes away are no change."""
    typed = form.text(name, missing, longest=LONGEST_NOTE)
    return was if typed == was.replace("\r\n", "\n").strip() else typed


def _moment(form: Form, was: datetime) -> datetime:
    """The moment typed, to the minute; the same minute on the clock is no change, its seconds and summer time included."""
    at = form.moment("occurred_at", gettext("the contact"))
    if at is None:
        return was
    same = was.astimezone(LONDON).replace(second=0, microsecond=0, tzinfo=None) == at.astimezone(LONDON).replace(tzinfo=None)
    return was if same else at
