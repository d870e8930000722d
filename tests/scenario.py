"""A small cast and what happened to it, told by commands and never by hand-written events."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4, uuid5

from domain import allocation, appointment, contact, fieldwork, inspection, plan, practitioner, risk, sentence
from domain.case import Case, case_id, open_case
from domain.contact import Purpose, Work
from domain.event import NAMESPACE, Event
from domain.inspection import Inspection
from domain.organisation import Provider, ProviderKind, provider_id, register_provider, register_team
from domain.practitioner import Practitioner, practitioner_id
from domain.requirement import RequirementKind
from domain.specification import Specification
from domain.working_days import LONDON, local_day
from projections import frame
from projections.read_models import ReadSide
from store import tree
from store.policy import current_policy
from store.record import Receipt, Record
from tests.inspecting import COMMITMENT, LEAD, NONCE

PROVIDERS = (
    ("C10", "Wales CRC", ProviderKind.CRC, (("CF1", "Cardiff"), ("NP1", "Newport"))),
    ("N03", "NPS Wales", ProviderKind.NPS, (("NC1", "NPS Cardiff"),)),
)
STAFF = (
    ("SIAN", "Siân Rowlands", "PO", "CF1", "C10"),
    ("OWEN", "Owen Bradley", "PO", "CF1", "C10"),
    ("MEERA", "Meera Anand", "SPO", "CF1", "C10"),
    ("TOM", "Tom Pugh", "PO", "NP1", "C10"),
    ("NIA", "Nia Griffith", "SPO", "NP1", "C10"),
    ("ALED", "Aled Morgan", "PO", "NC1", "N03"),
    ("RUTH", "Ruth Carver", "SPO", "NC1", "N03"),
)


def days_later(at: datetime, days: float) -> datetime:
    """The same time by the clock on the wall so many days later, or earlier. Near midnight, 24 hours a day would come to another day if the
    clocks changed in between."""
    return (at.astimezone(LONDON) + timedelta(days=days)).astimezone(UTC)


class Scenario:
    """Tells a history to a record. `at` is the moment the storyteller has come to; recording times are the database's."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.policy = current_policy()

    @property
    def now(self) -> datetime:
        return self.record.clock()

    def in_days(self, days: float) -> datetime:
        """So many days from now, or before it."""
        return days_later(self.now, days)

    def staff(self) -> "Scenario":
        """Everybody of the cast, unless they are there already."""
        if self.record.head():
            return self
        for code, name, kind, teams in PROVIDERS:
            self.record.change(
                Provider, provider_id(code), register_provider, uuid4(), now=self.now, by="admin", code=code, name=name, kind=kind
            )
            for team, team_name in teams:
                self.record.change(Provider, provider_id(code), register_team, uuid4(), now=self.now, by="admin", code=team, name=team_name)
        for code, name, grade, team, provider in STAFF:
            self.record.change(
                Practitioner,
                practitioner_id(code),
                practitioner.register_practitioner,
                uuid4(),
                now=self.now,
                by="admin",
                code=code,
                name=name,
                grade=grade,
                team=team,
                provider=provider,
            )
        return self

    def case(
        self,
        crn: str = "X000001",
        name: str = "Alex Example",
        practitioner: str = "SIAN",
        team: str = "CF1",
        provider: str = "C10",
        began_days_ago: int = 60,
    ) -> UUID:
        """A case under a community order with a requirement (entry 3) and an objective (entry 4), held by a practitioner."""
        stream, began = case_id(crn), self.in_days(-began_days_ago)
        self.do(crn, open_case, crn=crn, person_id=uuid5(NAMESPACE, crn), name=name, occurred_at=began)
        self.do(
            crn,
            sentence.start_sentence,
            kind=sentence.SentenceKind.COMMUNITY_ORDER,
            started_at=began,
            expected_end_on=local_day(self.in_days(300)),
            requirements=((RequirementKind.UNPAID_WORK, 80),),
        )
        self.do(crn, plan.set_objective, topic="Settled accommodation")
        self.do(
            crn,
            allocation.allocate,
            practitioner=practitioner,
            team=team,
            provider=provider,
            reason=allocation.AllocationReason.INITIAL,
            occurred_at=began,
        )
        self.do(crn, risk.assess_rosh, policy=self.policy, level=risk.Rosh.MEDIUM, rationale="Previous violence.")
        return stream

    def do(self, crn: str, command, /, *, by: str = "SIAN", **details) -> Receipt:
        """Give one command on a case."""
        return self.record.change(Case, case_id(crn), command, uuid4(), now=self.now, by=by, **details)

    def visit(self, crn: str = "X000001", *, days_ago: float = 1, worker: str = "SIAN", purposeful: bool = True, **details: object) -> int:
        """An unarranged office visit; returns its entry number."""
        told = {"note": "Seen at the office.", **details}
        work = Work(purposes=(Purpose.NEEDS,), objectives=(4,)) if purposeful else Work(purposes=(Purpose.REPORTING,), objectives=(4,))
        self.do(
            crn,
            contact.record_contact,
            by=worker,
            occurred_at=self.in_days(-days_ago),
            practitioner=worker,
            kind="COUP",
            work=work,
            minutes=30,
            **told,
        )
        return self.version(crn)

    def appointment(
        self,
        crn: str = "X000001",
        *,
        in_hours: float = 1,
        practitioner: str = "SIAN",
        kind: str = "COAP",
        requirements: tuple[int, ...] = (),
    ) -> int:
        """An appointment, arranged a day ahead if its time has passed; returns its entry number."""
        starts_at = self.now + timedelta(hours=in_hours)
        arranged_at = min(self.now, starts_at - timedelta(days=1))
        self.record.change(
            Case,
            case_id(crn),
            appointment.arrange_appointment,
            uuid4(),
            now=arranged_at,
            by="SIAN",
            starts_at=starts_at,
            practitioner=practitioner,
            kind=kind,
            minutes=30,
            requirements=requirements,
        )
        return self.version(crn)

    def inspect(self, read_side: ReadSide, *, lead: str = LEAD, others: Sequence[str] = (), provider: str = "C10") -> str:
        """An inspection whose sample is drawn from the cases of a provider that began within a year, and shared; its reference."""
        reference, today = "INS-2026-001", local_day(self.now)

        def do(command: Callable[..., Sequence[Event]], **details: object) -> None:
            self.record.change(Inspection, inspection.inspection_id(reference), command, uuid4(), now=self.now, by=lead, **details)

        do(inspection.announce_inspection, reference=reference, provider=provider, title="Wales CRC")
        do(inspection.commit_nonce, commitment=COMMITMENT)
        asked = Specification(provider=provider, began_from=today - timedelta(days=365), began_to=today)
        read_side.catch_up()
        with read_side.reading() as conn:
            taken = frame.taken(conn, asked, self.now)
            assert taken is not None
            root = tree.root(conn, taken.known_at).hex()
        found, counted = taken.frame, {"counted": taken.counted, "limited": taken.limited}
        at = {"known_at": taken.known_at, "ledger_root": root}
        do(inspection.fix_frame, specification=asked, strata=found.strata, left_out=found.left_out, **at, **counted)
        for inspector in others:
            do(fieldwork.name_inspector, inspector=inspector)
        do(inspection.draw_sample, nonce=NONCE, confidence=0.8, margin=0.05)
        do(fieldwork.share_cases)
        read_side.catch_up()
        return reference

    def version(self, crn: str) -> int:
        return self.record.state(Case, case_id(crn)).version


def moments(count: int, start: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)) -> Sequence[datetime]:
    """A row of working-hours moments, one a day."""
    return [start + timedelta(days=i) for i in range(count)]
