"""Given, when, then for rules: histories told by commands with no database, and answers that are events or a refusal."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID, uuid5

from domain import (
    allocation,
    appointment,
    breach,
    breach_steps,
    case,
    component,
    contact,
    cover,
    enforcement,
    entry,
    evidence,
    interruption,
    limited_access,
    organisation,
    oversight,
    person,
    phase,
    plan,
    practitioner,
    recall,
    register,
    requirement,
    risk,
    risk_review,
    safeguarding,
    sentence,
    serious_further_offence,
    snooze,
    transfer,
    unpaid_work,
    upw_completion,
    upw_instruction,
    upw_session,
    upw_suspension,
)
from domain.allocation import AllocationReason
from domain.appointment import AskedBy
from domain.case import Case, case_id
from domain.event import NAMESPACE, Event, Recorded, Refused, State, stream_id
from domain.policies import policy_text, read_policy
from domain.requirement import RequirementEnd, RequirementKind
from domain.sentence import SentenceKind
from projections import counted
from projections.story import Story

S = TypeVar("S", bound=State)
Command = Callable[..., Sequence[Event]]

BANK_HOLIDAYS = frozenset(
    date(year, month, day)
    for year, days in {
        2025: ((1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)),
        2026: ((1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)),
        2027: ((1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)),
    }.items()
    for month, day in days
)
"""England and Wales, as published by the government."""

POLICY = read_policy(policy_text(), BANK_HOLIDAYS)

NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)
"""A Thursday morning in winter time."""
YESTERDAY, TOMORROW = NOW - timedelta(days=1), NOW + timedelta(days=1)
A_SECOND = timedelta(seconds=1)
BEGAN = datetime(2026, 1, 12, 10, tzinfo=UTC)
"""When the usual case began, a Monday."""

CRN = "X000001"
PERSON = uuid5(NAMESPACE, "Alex Example")
SENTENCE, UNPAID_WORK, RAR, OBJECTIVE, ALLOCATION = 2, 3, 4, 5, 6
"""Entry numbers in the usual case; 1 opened it."""
NEXT = 7
"""The number of the first entry that a test adds to the usual case."""

USUAL: dict[Command, dict[str, Any]] = {
    case.open_case: {"crn": CRN, "person_id": PERSON, "name": "Alex Example"},
    sentence.start_sentence: {
        "kind": SentenceKind.COMMUNITY_ORDER,
        "started_at": BEGAN,
        "expected_end_on": date(2027, 1, 11),
        "requirements": ((RequirementKind.UNPAID_WORK, 80), (RequirementKind.RAR, 20)),
    },
    sentence.end_sentence: {"sentence": SENTENCE, "ended_at": YESTERDAY, "how": "completed"},
    sentence.amend_sentence: {"sentence": SENTENCE, "expected_end_on": date(2027, 7, 11)},
    sentence.resentence: {"sentence": SENTENCE, "kind": SentenceKind.CUSTODIAL, "expected_end_on": date(2027, 3, 11)},
    phase.release: {"sentence": NEXT, "licence_ends_on": date(2026, 9, 11)},
    phase.recall: {"sentence": NEXT, "reason": "Left the approved premises and did not come back."},
    phase.begin_pss: {"sentence": NEXT, "expected_end_on": date(2027, 3, 11)},
    interruption.begin_interruption: {"kind": interruption.InterruptionKind.REMAND},
    interruption.end_interruption: {"interruption": NEXT},
    requirement.impose_requirement: {"sentence": SENTENCE, "kind": RequirementKind.CURFEW, "amount": 3},
    requirement.amend_requirement: {"requirement": RAR, "amount": 30},
    requirement.end_requirement: {"requirement": RAR, "how": RequirementEnd.COMPLETED},
    requirement.credit_rar_day: {"requirement": RAR, "activity": "Thinking skills", "minutes": 120},
    plan.set_objective: {"topic": "Settled accommodation"},
    plan.end_objective: {"objective": OBJECTIVE, "how": plan.ObjectiveEnd.ACHIEVED},
    plan.set_pattern: {"every_days": 14, "mode": contact.Mode.OFFICE, "why": "Settling in after a move."},
    plan.complete_plan: {"policy": POLICY},
    plan.review_plan: {"policy": POLICY, "kind": plan.ReviewKind.ROUTINE, "review": "The move has gone well."},
    allocation.allocate: {"practitioner": "SIAN", "team": "CF1", "provider": "C10", "reason": AllocationReason.INITIAL},
    allocation.allocate_to_team: {"team": "CF1", "provider": "C10"},
    allocation.open_in_team: {"crn": CRN, "person_id": PERSON, "name": "Alex Example", "team": "CF1", "provider": "C10"},
    cover.start_cover: {
        "policy": POLICY,
        "practitioner": "OWEN",
        "team": "CF1",
        "until": date(2026, 3, 20),
        "reason": cover.CoverReason.SICKNESS,
    },
    cover.end_cover: {},
    snooze.snooze: {
        "policy": POLICY,
        "item": snooze.Item.PLAN,
        "until": date(2026, 3, 19),
        "rests_on": date(2026, 3, 16),
        "reason": "The report is due on Tuesday.",
    },
    snooze.end_snooze: {"snooze": NEXT},
    person.record_details: {"language": "Welsh", "interpreter": "Polish", "needs": "Large print.", "pronouns": "they, them"},
    limited_access.exclude: {"practitioner": "OWEN", "reason": "A cousin of the person."},
    limited_access.restrict: {"practitioners": ("SIAN", "MEERA"), "reason": "A former colleague."},
    limited_access.end_exclusion: {"exclusion": NEXT, "reason": "Works elsewhere now."},
    limited_access.end_restrictions: {"restrictions": (NEXT, NEXT + 1), "reason": "No longer needed."},
    component.move_component: {"requirement": UNPAID_WORK, "team": "NP1", "provider": "C10"},
    transfer.request_transfer: {"to_team": "NP1", "to_provider": "C10", "reason": AllocationReason.MOVE},
    transfer.query_transfer: {"team": "NP1", "question": "Where will they live?"},
    transfer.inform_transfer: {"team": "CF1", "answer": "With a sister in Newport."},
    transfer.assess_address: {"team": "NP1", "suitable": True, "note": "The sister agrees."},
    transfer.complete_transfer: {"team": "NP1", "file": tuple(transfer.FileItem)},
    transfer.accept_transfer: {"team": "NP1", "practitioner": "TOM"},
    transfer.reject_transfer: {"team": "NP1", "reason": "Nobody has room for another case."},
    transfer.withdraw_transfer: {"team": "CF1", "reason": "The person stays after all."},
    transfer.hold_handover: {"held_at": YESTERDAY, "from_practitioner": "SIAN", "to_practitioner": "TOM", "three_way": True},
    appointment.arrange_appointment: {"starts_at": TOMORROW, "practitioner": "SIAN", "kind": "COAP"},
    appointment.rearrange_appointment: {
        "appointment": NEXT,
        "starts_at": TOMORROW + timedelta(days=7),
        "asked_by": AskedBy.PERSON,
    },
    appointment.cancel_appointment: {"appointment": NEXT, "asked_by": AskedBy.SERVICE, "reason": "The officer is ill."},
    appointment.record_outcome: {"appointment": NEXT, "outcome": "ATTC"},
    contact.record_contact: {"occurred_at": YESTERDAY, "practitioner": "SIAN", "kind": "COUP"},
    evidence.await_evidence: {"policy": POLICY, "failure": NEXT + 1},
    evidence.decide_evidence: {
        "policy": POLICY,
        "failure": NEXT + 1,
        "evidence": evidence.Evidence.MEDICAL,
        "accepted": True,
        "reason": "Was in hospital that day.",
    },
    enforcement.take_enforcement_action: {"policy": POLICY, "action": "EA02", "failures": (NEXT + 1,)},
    breach_steps.refer_breach: {
        "policy": POLICY,
        "route": breach.Route.CRC,
        "sentences": (SENTENCE,),
        "failures": (NEXT + 1,),
        "became_aware_on": date(2026, 3, 11),
        "reason": "Two failures without a reason.",
    },
    breach_steps.return_breach: {"reason": "The second letter is missing."},
    breach_steps.present_breach: {"court": "Cardiff Magistrates' Court"},
    breach_steps.withdraw_breach: {"reason": "A medical note came late."},
    breach_steps.conclude_breach: {"outcome": breach.BreachOutcome.CONTINUES},
    recall.request_recall: {"sentence": SENTENCE, "reason": "Whereabouts not known."},
    recall.decide_recall: {"decision": recall.RecallDecision.STANDARD},
    risk.assess_rosh: {"policy": POLICY, "level": risk.Rosh.MEDIUM, "rationale": "Previous violence."},
    risk.note_significant_event: {"kind": risk.SignificantEvent.ARREST, "note": "Arrested for assault."},
    register.register: {"policy": POLICY, "register": "RCPR"},
    register.review_registration: {"policy": POLICY, "registration": NEXT, "note": "The children are still at risk."},
    register.deregister: {"registration": NEXT, "reason": "The plan for the children has ended."},
    risk_review.initiate_risk_review: {"held_by": organisation.ProviderKind.CRC, "reason": "Threats against a former partner."},
    risk_review.move_risk_review: {"review": NEXT, "step": risk_review.ReviewStep.FORM_COMPLETED},
    safeguarding.request_checks: {"agencies": (safeguarding.Agency.POLICE,)},
    safeguarding.receive_response: {"check": NEXT, "result": safeguarding.CheckResult.NOTHING_KNOWN},
    serious_further_offence.initiate_sfo: {"policy": POLICY, "offence_on": date(2026, 3, 9), "charged_on": date(2026, 3, 11)},
    serious_further_offence.move_sfo: {"sfo": NEXT, "stage": serious_further_offence.SfoStage.NOTIFIED},
    unpaid_work.assess_upw: {"requirement": UNPAID_WORK, "intensive": unpaid_work.Intensive.NOT_NOW},
    unpaid_work.induct_upw: {"requirement": UNPAID_WORK},
    upw_suspension.suspend_upw: {"requirement": UNPAID_WORK, "because": upw_suspension.SuspendedBecause.HEALTH},
    upw_suspension.resume_upw: {"requirement": UNPAID_WORK},
    unpaid_work.review_upw: {"requirement": UNPAID_WORK, "kind": unpaid_work.UpwReview.SIX_MONTHS, "note": "Works well."},
    unpaid_work.extend_upw: {"requirement": UNPAID_WORK, "until": date(2027, 7, 12), "court": "Cardiff Magistrates' Court"},
    upw_completion.complete_upw: {"requirement": UNPAID_WORK, "how": upw_completion.CompletedBy.COURT},
    upw_instruction.acknowledge_instruction: {"instruction": NEXT, "how": upw_instruction.AcknowledgedBy.SIGNATURE},
    upw_instruction.instruct_upw: {
        "requirement": UNPAID_WORK,
        "project": "Bute Park",
        "work_at": TOMORROW,
        "method": upw_instruction.InstructionMethod.HAND,
    },
    upw_session.record_upw_attendance: {
        "requirement": UNPAID_WORK,
        "worked_at": YESTERDAY,
        "outcome": "ATTC",
        "project": "Bute Park",
        "supervisor": "GWYN",
        "minutes_offered": 420,
        "minutes_credited": 390,
    },
    entry.correct_entry: {"entry": NEXT, "reason": "It was the other way about."},
    entry.withdraw_entry: {"entry": NEXT, "reason": "Written in the wrong case."},
    oversight.note_oversight: {"kind": oversight.OversightKind.DECISION, "note": "See her at home once a month."},
    oversight.countersign: {"entry": NEXT},
    oversight.send_back: {"entry": NEXT, "reason": "Say who is at risk."},
    oversight.check_quality: {"entry": NEXT, "quality": oversight.Quality.IMPROVE, "improve": (oversight.Improve.NEXT,)},
    oversight.answer_return: {"returned": NEXT + 1},
    organisation.register_provider: {"code": "C10", "name": "Wales CRC", "kind": organisation.ProviderKind.CRC},
    organisation.register_team: {"code": "CF1", "name": "Cardiff"},
    organisation.register_upw_project: {"code": "BUTE", "name": "Bute Park", "kind": "NP1", "place": "North Gate"},
    organisation.end_upw_project: {"code": "BUTE"},
    practitioner.register_practitioner: {"code": "SIAN", "name": "Siân Rowlands"},
    practitioner.join_team: {"team": "CF1", "provider": "C10"},
    practitioner.leave_team: {},
    practitioner.record_languages: {"languages": ("Welsh",)},
}
"""What each command is told unless a test says otherwise."""


def in_words(command: Command) -> str:
    """The command's name, for the id of a test."""
    return getattr(command, "__name__", "").replace("_", " ")


class Step(NamedTuple):
    command: Command
    at: datetime
    recorded_at: datetime
    details: dict[str, Any]


def did(command: Command, /, *, at: datetime = BEGAN, recorded_at: datetime | None = None, **details: Any) -> Step:
    """A command that was given at a moment, to be carried out by `given`."""
    return Step(command, at, recorded_at or at, details)


class Answer:
    """What a command came to: events, or a refusal. Looking at the events of a refused command raises its words."""

    def __init__(self, events: Sequence[Event], refusal: Refused | None = None) -> None:
        self._events = tuple(events)
        self.refusal = refusal

    @property
    def events(self) -> tuple[Event, ...]:
        if self.refusal is not None:
            raise self.refusal
        return self._events

    @property
    def event(self) -> Any:
        """The one event that happened."""
        assert len(self.events) == 1, self.events
        return self.events[0]

    def refused(self, message: str, field: str = "") -> None:
        """It was refused in exactly these words, beside this field."""
        assert self.refusal is not None, f"not refused: {self._events}"
        assert (self.refusal.message, self.refusal.field) == (message, field)


class Given(Generic[S]):
    """A stream to which something has happened. Its history is what read models are given."""

    def __init__(self, state: S) -> None:
        self.state = state
        self.history: list[Recorded] = []

    def when(self, command: Command, /, *, now: datetime = NOW, by: str = "SIAN", **details: Any) -> Answer:
        """Give a command and see what it comes to; nothing is recorded."""
        try:
            return Answer(command(self.state, now=now, by=by, **{**USUAL.get(command, {}), **details}))
        except Refused as refusal:
            return Answer((), refusal)

    def then(self, command: Command, /, *, at: datetime = NOW, recorded_at: datetime | None = None, **details: Any) -> int:
        """Give a command and record what it comes to; returns the number of its first entry."""
        events = self.when(command, now=at, **details).events
        return self.record(*events, at=recorded_at or at)

    def record(self, *events: Event, at: datetime = NOW) -> int:
        """Put events in the history as they are, by no rule: what older releases may have recorded."""
        first = self.state.version + 1
        for event in events:
            number = self.state.version + 1
            recorded = Recorded(self.state.id, number, event, at, position=number)
            self.history.append(recorded)
            self.state.evolve(recorded)
        return first


def given(*steps: Step, of: Callable[[UUID], Any] = Case, stream: UUID | None = None) -> Given[Any]:
    """A stream to which these commands have been given."""
    found: Given[Any] = Given(of(stream or (case_id(CRN) if of is Case else stream_id("test", "one"))))
    for step in steps:
        found.then(step.command, at=step.at, recorded_at=step.recorded_at, **step.details)
    return found


def opened(*steps: Step) -> Given[Case]:
    """A case under a community order with unpaid work and rehabilitation activity and one objective, held by nobody yet."""
    return given(did(case.open_case), did(sentence.start_sentence), did(plan.set_objective), *steps)


def supervised(*steps: Step) -> Given[Case]:
    """The usual case: as `opened`, and allocated to Siân in Cardiff from the beginning."""
    return opened(did(allocation.allocate), *steps)


def closed(*steps: Step) -> Given[Case]:
    """A case in which these things happened and whose only sentence has then ended."""
    return supervised(*steps, did(sentence.end_sentence, at=NOW))


def contact_months(case: Given[Case], measure: str) -> list[tuple[Any, ...]]:
    """What a measure counts in a case: month, holder, team, provider, and then yes, no, not evidenced and left out."""
    columns = [*counted.CONTACT_COLUMNS][1:]
    counts = [columns.index(f"{measure}_{answer}") for answer in counted.ANSWERS.values()]
    rows = counted.contact_rows(Story(case.history), POLICY)
    return [(str(row[0]), *row[1:4], *(row[i] for i in counts)) for row in rows]
