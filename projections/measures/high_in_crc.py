"""High risk in a CRC: how soon a case that a CRC holds is referred to the NPS once the risk of serious harm is found to be high."""

from collections.abc import Iterator
from datetime import date
from itertools import zip_longest

from msgspec.structs import replace

from domain.organisation import ProviderKind
from domain.policy import Policy
from domain.risk import HIGH_LEVELS, RoshAssessed
from domain.risk_review import ReviewState, referral_due
from domain.transfer import TransferAccepted, TransferRequested
from domain.transfer_course import MoveKind
from domain.words import said, unit
from domain.working_days import local_day
from projections.finding import Verdict
from projections.lasting import Done, Lasting, ended_before, limit
from projections.measure import Words, of_lasting
from projections.referrals import Review
from projections.risk import Assessed, picture
from projections.story import Story

WORDS = Words(
    name="high-in-crc",
    title=said("High risk in a CRC referred"),
    theme=said("Risk"),
    question=said("Of the cases in a CRC found to be of high risk, how many were referred to the NPS in time?"),
    definition=said(
        "Each time a person in a case that a CRC held was assessed as of high or very high risk of serious harm, and had not been "
        "before: yes when the referral form was complete, or the NPS had taken the case, by the end of the limit. A referral that was "
        "under way already, or that had just found the risk to be high, counts. When the level was assessed as lower again before "
        "the limit, or supervision ended, it is left out. Cases of the NPS are not asked about. Where what kind of provider held the "
        "case was not recorded with the assessment, as in imported history, it is not evidenced."
    ),
    source=said(
        "PI 57/2014: a CRC refers to the NPS without delay when the risk may have become high; one working day is this service’s reading"
    ),
    counted=(said("referred in time"), said("late or not referred")),
    rules=("risk_review.refer_working_days",),
    unit=unit("case found high", "cases found high"),
)
_TO_NPS = frozenset({MoveKind.RISK, MoveKind.CRC_TO_NPS})


def referred(story: Story, policy: Policy) -> Iterator[Lasting]:
    line = story.once(picture, policy).assessments
    if not any(assessed.level in HIGH_LEVELS for assessed in line):
        return
    told = {s.number: s.reads for s in story.of(RoshAssessed)}
    for before, assessed, after in zip_longest((None, *line[:-1]), line, line[1:]):
        held_by = told[assessed.number].held_by
        goes_on = before is not None and before.level in HIGH_LEVELS and told[before.number].held_by is held_by
        if assessed.level in HIGH_LEVELS and held_by is not ProviderKind.NPS and not goes_on:
            found = _clock(story, policy, told[assessed.number], assessed, before, after)
            unknown = {"verdict": Verdict.NOT_EVIDENCED, "why": said("It was not recorded whether a CRC held the case"), "turns_on": None}
            yield found if held_by or found.verdict is Verdict.LEFT_OUT else replace(found, **unknown)


def _clock(
    story: Story, policy: Policy, told: RoshAssessed, assessed: Assessed, before: Assessed | None, after: Assessed | None
) -> Lasting:
    due = referral_due(policy, told.occurred_at, urgent=False)
    met = min([*_referrals(story, policy, assessed, before), *_taken(story, assessed.on)], default=None)
    left_out = ""
    if met is None or met.on > due:
        lower = after is not None and after.level not in HIGH_LEVELS and after.on <= due
        left_out = said("The level was assessed as lower before the limit") if lower else ended_before(story, due)
    holder = story.holder_at(told.occurred_at)
    return limit(assessed.number, assessed.on, due, met, said("Referred to the NPS"), holder, policy, left_out)


def _referrals(story: Story, policy: Policy, assessed: Assessed, before: Assessed | None) -> Iterator[Done]:
    """When each referral that is about this level was sent; one sent before the assessment was there on its day."""
    for review in story.once(picture, policy).reviews:
        if review.sent and _is_about(review, assessed.on, before.on if before else date.min):
            yield Done(max(review.sent.on, assessed.on), review.sent.number)


def _is_about(review: Review, on: date, before: date) -> bool:
    """Whether it was still going on at the assessment or later, or found the risk to be high since the assessment before."""
    last = review.steps[-1].on
    return review.open or last >= on or (review.state is ReviewState.HIGH and last >= before)


def _taken(story: Story, since: date) -> Iterator[Done]:
    """When the NPS took the case from a CRC."""
    asked = {s.number for s in story.of(TransferRequested) if s.reads.kind in _TO_NPS}
    for s in story.of(TransferAccepted) if asked else ():
        on = local_day(s.reads.occurred_at)
        if s.reads.transfer in asked and on >= since:
            yield Done(on, s.number)


MEASURES = (of_lasting(WORDS, referred),)
