"""Tells a case history day by day, as a practitioner would, and looks at the pages as they stood at each moment of it.

The record's clock is the story's: what is told on 5 March 2018 was recorded on 5 March 2018, and a page opened then shows that
day. A calendar that is past and fixed has known weekends, bank holidays and clock changes, so no story depends on when it is told.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from bs4 import BeautifulSoup, Tag
from flask import Flask

from domain import allocation, appointment, contact, risk, sentence
from domain.access import Role
from domain.allocation import AllocationReason
from domain.case import Case, case_id, open_case
from domain.contact import Purpose, Work
from domain.entry import as_it_stands
from domain.event import NAMESPACE, Event
from domain.inspection import Inspection, announce_inspection, commit_nonce, draw_sample, fix_frame, inspection_id
from domain.requirement import Requirements
from domain.risk import Rosh
from domain.sentence import SentenceKind
from domain.specification import Specification
from domain.working_days import LONDON
from store.policy import current_policy
from store.record import Receipt, Record, Step
from tests.conftest import Browser
from tests.inspecting import COMMITMENT, NONCE
from tests.scenario import Scenario, days_later
from tests.web.reading import said
from web.session import OUTSIDERS

CRN = "X000001"
INSPECTOR = next(person.code for person in OUTSIDERS if person.role is Role.INSPECTOR)


class ToldRecord(Record):
    """A synthetic record whose clock shows the moment that the story has come to, also to whoever opens a page or sends a form."""

    moment = datetime(2018, 1, 2, 9, tzinfo=UTC)

    def clock(self) -> datetime:
        return self.moment

    def change_all(self, steps: Sequence[Step], command_id: UUID | None, *, times: Callable[[Event], datetime] | None = None) -> Receipt:
        return super().change_all(steps, command_id, times=times or (lambda _: self.moment))


def day(words: str) -> date:
    """5 March 2018."""
    return at(words).date()


def at(words: str, clock: str = "11:00") -> datetime:
    """A moment by the clock on the wall in England and Wales."""
    return datetime.strptime(f"{words} {clock}", "%d %B %Y %H:%M").replace(tzinfo=LONDON).astimezone(UTC)


def worked_on(*objectives: int, requirements: tuple[int, ...] = (), purpose: Purpose = Purpose.NEEDS) -> Work:
    """Work that is tied to the plan or the order and has a purpose that counts."""
    return Work(purposes=(purpose,), objectives=objectives, requirements=requirements)


class Teller:
    """Tells one history. Entry numbers come back from whatever is told, so that later entries can be about earlier ones."""

    def __init__(self, record: ToldRecord, app: Flask) -> None:
        self.record, self.app = record, app
        self.policy = current_policy()
        self._browsers: dict[str, Browser] = {}
        Scenario(record).staff()

    # -- telling -----------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.record.moment

    def on(self, words: str, clock: str = "11:00") -> "Teller":
        """The story goes on to this day; it never goes back."""
        return self._go(at(words, clock))

    def later(self, days: int) -> "Teller":
        """Some days later, at the same time by the clock on the wall."""
        return self._go(days_later(self.now, days))

    def _go(self, moment: datetime) -> "Teller":
        assert moment >= self.now, "a story is told forwards"
        self.record.moment = moment
        return self

    def do(self, command: Callable[..., list[Event]], /, *, by: str = "SIAN", crn: str = CRN, **details: Any) -> int:
        """Give a command on the case now; the number of the first entry that it made."""
        before = self.record.state(Case, case_id(crn)).version
        self.record.change(Case, case_id(crn), command, uuid4(), now=self.now, by=by, **details)
        return before + 1

    def sentenced(
        self,
        name: str,
        until: str,
        *,
        kind: SentenceKind = SentenceKind.COMMUNITY_ORDER,
        requirements: Requirements = (),
        team: str = "CF1",
        provider: str = "C10",
        crn: str = CRN,
    ) -> int:
        """A case is opened in a team on the day of the sentence; the number of the sentence, which its requirements follow."""
        opened = {"crn": crn, "person_id": uuid5(NAMESPACE, crn), "name": name}
        self.record.change(Case, case_id(crn), open_case, uuid4(), now=self.now, by="MEERA", **opened)
        number = self.do(
            sentence.start_sentence, by="MEERA", crn=crn, kind=kind, expected_end_on=day(until), court="Cardiff", requirements=requirements
        )
        self.do(allocation.allocate_to_team, by="MEERA", crn=crn, team=team, provider=provider)
        return number

    def allocated(
        self, practitioner: str, reason: AllocationReason = AllocationReason.INITIAL, *, by: str = "MEERA", note: str = ""
    ) -> int:
        held = self.record.state(Case, case_id(CRN)).allocation
        assert held is not None
        return self.do(
            allocation.allocate, by=by, practitioner=practitioner, team=held.team, provider=held.provider, reason=reason, note=note
        )

    def assessed(self, level: Rosh, rationale: str, *, by: str = "SIAN") -> int:
        return self.do(risk.assess_rosh, by=by, policy=self.policy, level=level, rationale=rationale)

    def arranged(
        self, words: str, clock: str = "10:00", *, practitioner: str = "SIAN", kind: str = "COAP", by: str = "", **details: Any
    ) -> int:
        return self.do(
            appointment.arrange_appointment,
            by=by or practitioner,
            starts_at=at(words, clock),
            practitioner=practitioner,
            kind=kind,
            **{"minutes": 45, **details},
        )

    def outcome(self, number: int, outcome: str = "ATTC", *, by: str = "SIAN", work: Work = contact.NO_WORK, **details: Any) -> int:
        return self.do(appointment.record_outcome, by=by, appointment=number, outcome=outcome, work=work, **details)

    def met(
        self,
        words: str,
        clock: str = "10:00",
        *,
        by: str = "SIAN",
        kind: str = "COAP",
        outcome: str = "ATTC",
        work: Work = contact.NO_WORK,
        note: str = "",
    ) -> int:
        """An appointment arranged now for a later day, and what came of it, logged an hour after its time."""
        number = self.arranged(words, clock, practitioner=by, kind=kind)
        self._go(at(words, clock) + timedelta(hours=1))
        return self.outcome(number, outcome, by=by, work=work, note=note)

    def contact(
        self, kind: str, *, by: str = "SIAN", work: Work = contact.NO_WORK, happened: datetime | None = None, **details: Any
    ) -> int:
        """Something that was not arranged, recorded now; without a time of its own it has just happened."""
        return self.do(
            contact.record_contact,
            by=by,
            occurred_at=happened or self.now,
            practitioner=by,
            kind=kind,
            work=work,
            **{"minutes": 15, **details},
        )

    def reads(self, number: int) -> Any:
        """An entry as it now reads, with its texts: what a correction begins from."""
        return as_it_stands(self.record.history(case_id(CRN), texts=True))[number - 1].reads

    # -- looking -----------------------------------------------------------------------------------------------------

    def as_seen_by(self, staff: str) -> Browser:
        """The browser of somebody of the staff, signed in; whatever was told so far is in the lists."""
        self.app.extensions["throughline"].read_side.catch_up()
        if staff not in self._browsers:
            self._browsers[staff] = Browser(self.app).sign_in(staff)
        return self._browsers[staff]

    def page(self, staff: str, address: str, **asked: object) -> BeautifulSoup:
        answer = self.as_seen_by(staff).get(address, query_string=asked)
        assert answer.status_code == 200, (answer.status_code, address, answer.text)
        return BeautifulSoup(answer.text, "html5lib")

    def case_page(self, part: str = "", staff: str = "SIAN", crn: str = CRN, **asked: object) -> BeautifulSoup:
        return self.page(staff, f"/cases/{crn}{part}", **asked)

    def my_day(self, staff: str = "SIAN") -> BeautifulSoup:
        return self.page(staff, "/my-day")

    def in_team_list(self, manager: str = "MEERA", team: str = "CF1", crn: str = CRN, **asked: object) -> list[str]:
        """The row of the case in the manager's list: name, officer, risk, sentence, last contact, next appointment, review due."""
        rows = self.page(manager, f"/teams/{team}/cases", **asked).select("#caseload tbody tr")
        found = [[said(cell) for cell in row.select("th, td")] for row in rows if crn in row.get_text()]
        return found[0] if found else []

    def counted(self, measure: str, staff: str = "SIAN", crn: str = CRN) -> tuple[int, int, int, int]:
        """A measure's figure on the case's page: yes, no, not evidenced, left out."""
        share, *others = self.case_page(f"/measures/{measure}", staff, crn).select(".app-figure")
        of = share.select_one(".app-figure__of")
        yes = int(said(of).split(" of ")[0]) if of else 0
        no, not_evidenced, left_out = (int(said(box.select_one(".app-figure__value"))) for box in others[:3])
        return yes, no, not_evidenced, left_out

    def counted_in_team(self, measure: str, manager: str = "MEERA", team: str = "CF1", **asked: object) -> tuple[int, int, int, int]:
        """A measure's figure on the team's page, now or as known on a day."""
        boxes = self.page(manager, f"/teams/{team}/measures/{measure}", **asked).select(".app-figure")[1:5]
        yes, no, not_evidenced, left_out = (int(box.select_one(".app-figure__value a").find(string=True, recursive=False)) for box in boxes)
        return yes, no, not_evidenced, left_out

    # -- inspecting --------------------------------------------------------------------------------------------------

    def inspected(self, reference: str, *crns: str) -> None:
        """An inspection of the CRC is announced now, its frame fixed and its sample drawn."""

        def do(command: Callable[..., list[Event]], **details: Any) -> None:
            self.record.change(Inspection, inspection_id(reference), command, uuid4(), now=self.now, by=INSPECTOR, **details)

        today = self.now.date()
        window = Specification(provider="C10", began_from=today - timedelta(days=400), began_to=today)
        do(announce_inspection, reference=reference, provider="C10", title="Autumn")
        do(commit_nonce, commitment=COMMITMENT)
        head = self.record.head()
        at = {"known_at": head, "ledger_root": "ab" * 32}
        do(fix_frame, specification=window, strata={"all": crns}, left_out={}, counted=len(crns), **at)
        do(draw_sample, nonce=NONCE, confidence=0.8, margin=0.05)

    def replay(self, reference: str, crn: str = CRN, **asked: object) -> BeautifulSoup:
        return self.page(INSPECTOR, f"/inspections/{reference}/cases/{crn}/replay", **asked)


# -- reading pages ---------------------------------------------------------------------------------------------------


def section(page: BeautifulSoup, name: str) -> str:
    """A part of My day: today, late, next (with the days ahead), later, snoozed; nothing where there is no such part."""
    found = page.select_one(f"section[aria-labelledby={name}]")
    return said(found) if found else ""


def under(page: BeautifulSoup, heading: str) -> str:
    """What stands under a heading, up to the next one that is not below it."""
    found = next(h for h in page.select("h2, h3") if said(h).startswith(heading))
    words = []
    for part in found.find_next_siblings():
        if part.name in ("h1", "h2") or (part.name == "h3" and found.name == "h3"):
            break
        words.append(said(part))
    return " ".join(words)


def fact(page: BeautifulSoup, name: str) -> str:
    """What a list of facts says under this name."""
    term: Tag = next(dt for dt in page.select("dt") if said(dt) == name)
    return said(term.find_next("dd"))


def figure(page: BeautifulSoup, label: str) -> str:
    """A figure's value with what it is out of and its note."""
    box = next(b for b in page.select(".app-figure") if said(b.select_one(".app-figure__label")) == label)
    for hidden in box.select(".govuk-visually-hidden"):
        hidden.extract()
    return " ".join(said(part) for part in box.select(".app-figure__value, .app-figure__of, .app-figure__note"))


def table(page: BeautifulSoup, caption: str) -> list[list[str]]:
    """The rows of the table whose caption begins so."""
    found = next(t for t in page.select("table") if t.caption and said(t.caption).startswith(caption))
    return [[said(cell) for cell in row.select("th, td")] for row in found.select("tbody tr")]


def header(page: BeautifulSoup) -> str:
    """What stands at the top of every page of a case."""
    return said(page.select_one(".app-case-head"))


def tabs(page: BeautifulSoup) -> list[str]:
    return [said(a) for a in page.select(".moj-sub-navigation a")]
