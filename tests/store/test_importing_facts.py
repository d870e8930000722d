"""Importing from CSV what a source says of the case beside its contacts, and of a contact beside its time and kind."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from domain.allocation import CaseAllocated, ProviderAllocated
from domain.appointment import AppointmentArranged, OutcomeRecorded
from domain.case import Case, case_id
from domain.contact import ContactRecorded, Mode, Privacy
from domain.event import Event
from domain.evidence import Evidence, EvidenceDecided
from domain.organisation import Provider, provider_id
from domain.person import PersonDetailsRecorded, record_details
from domain.practitioner import Practitioner, practitioner_id
from domain.register import Deregistered, MappaCategory, MappaLevel, Registered, RegistrationReviewed
from domain.requirement import RequirementAmended, RequirementImposed, RequirementKind
from domain.risk import Rosh, RoshAssessed
from domain.sentence import SentenceAmended, SentenceKind, SentenceStarted
from domain.working_days import local_day
from store.imports import ImportProblem, ImportReport, Mapping, import_csv, read_mapping
from store.record import Record
from tests.case_logs import NOW, WIDE, a_row, adds_up, csv_file, mapping_file
from tests.conftest import Browser
from tests.scenario import Scenario

OF_FACTS = {
    "privacy": "room",
    "outcome": "result",
    "second": "also",
    "requirement": "served",
    "evidence": "shown",
    "evidence_accepted": "accepted",
    "sentence": "order",
    "sentence_start": "from",
    "sentence_end": "until",
    "requirements": "ordered",
    "rosh": "risk",
    "rosh_on": "risk day",
    "registers": "flags",
    "language": "speaks",
    "interpreter": "interpreter",
    "provider": "provider",
    "allocated_team": "case team",
}
HEADER = [*WIDE, *OF_FACTS.values()]
COLUMNS = 'row_id = "id"\n' + "\n".join(f'{name} = "{column}"' for name, column in OF_FACTS.items())
VALUES = """
[privacies]
"Interview room" = "private room"

[outcomes]
"Attended" = "ATTC"
"Missed" = "UAAB"

[evidence]
"Sick note" = "medical note"

[sentences]
"CO" = "community order"
"SSO" = "suspended sentence order"

[requirements]
"Prog" = "accredited programme"

[rosh]
"H" = "high"

[registers]
"Child protection" = "RCPR"
"MAPPA 2/1" = "MAPP/2/1"
"MAPPA 3/1" = "MAPP/3/1"

[languages]
"cym" = "Welsh"

[providers."Wales"]
code = "P2"
name = "Wales"
kind = "NPS"
"""
ORDER = {"order": "CO", "from": "2024-02-01", "until": "2025-02-01"}


def facts_mapping(folder: Path, settings: str = "") -> Mapping:
    path = mapping_file(folder, settings, COLUMNS)
    path.write_text(path.read_text("utf-8") + VALUES, "utf-8")
    return read_mapping(path)


def a_fact_row(row_id: int, **said: str) -> list[str]:
    """A row; what it says beside the usual is named as its column is, with _ for a space."""
    facts = {column: said.pop(column.replace(" ", "_"), "") for column in OF_FACTS.values()}
    return [*a_row(id=str(row_id), **said), *facts.values()]


def bring(record: Record, folder: Path, *rows: list[str], settings: str = "") -> ImportReport:
    report = import_csv(record, csv_file(folder, *rows, header=HEADER), facts_mapping(folder, settings), now=NOW)
    assert adds_up(report)
    return report


def of(record: Record, *kinds: type[Event], reference: str = "1") -> list[Any]:
    return [each.event for each in record.history(case_id(f"T-{reference}"), texts=True) if isinstance(each.event, kinds)]


def case(record: Record) -> Case:
    return record.state(Case, case_id("T-1"))


# -- of the case -------------------------------------------------------------------------------------------------------


def test_the_sentence_with_its_requirements_is_started_once_on_its_day(record: Record, tmp_path: Path) -> None:
    # given a case whose two rows say the same of its sentence
    said = ORDER | {"ordered": "UPW:120; RAR:20;Prog"}
    report = bring(record, tmp_path, a_fact_row(1, **said), a_fact_row(2, **said, served="RAR"))
    # then it is one sentence, marked as imported, and its requirements
    assert report.refused == ()
    (started,) = of(record, SentenceStarted)
    assert (started.kind, local_day(started.occurred_at)) == (SentenceKind.COMMUNITY_ORDER, date(2024, 2, 1))
    assert started.expected_end_on == date(2025, 2, 1)
    imposed = of(record, RequirementImposed)
    assert [(each.kind, each.amount) for each in imposed] == [
        (RequirementKind.UNPAID_WORK, 120),
        (RequirementKind.RAR, 20),
        (RequirementKind.PROGRAMME, 0),
    ]
    assert all(each.imported is not None and each.imported.row == 1 for each in [started, *imposed])
    # and the contact that served one says which
    (rar,) = [number for number, each in case(record).requirements.items() if each.kind == RequirementKind.RAR]
    assert [each.work.requirements for each in of(record, ContactRecorded)] == [(), (rar,)]


def test_a_change_later_in_the_file_is_a_later_event(record: Record, tmp_path: Path) -> None:
    # given rows, not in order of time, that say other things from April on
    before = ORDER | {"ordered": "RAR:20", "risk": "low", "flags": "Child protection;MAPPA 2/1", "speaks": "English"}
    after = before | {"until": "2025-08-01", "ordered": "RAR:30;Prog", "risk": "H", "flags": "WEAP;MAPPA 3/1", "speaks": "cym"}
    rows = [a_fact_row(2, when="2024-04-01 10:00", **after), a_fact_row(1, when="2024-03-01 10:00", **before)]
    bring(record, tmp_path, *rows, a_fact_row(3, when="2024-05-01 10:00", **after))
    # then each change stands once, on the day of its row
    kinds = (SentenceAmended, RequirementAmended, RoshAssessed, PersonDetailsRecorded, Deregistered, RegistrationReviewed)
    found = [(type(each), local_day(each.occurred_at).month) for each in of(record, *kinds)]
    assert sorted(found, key=lambda each: (each[1], each[0].__name__)) == [
        (PersonDetailsRecorded, 3),
        (RoshAssessed, 3),
        (Deregistered, 4),
        (PersonDetailsRecorded, 4),
        (RegistrationReviewed, 4),
        (RequirementAmended, 4),
        (RoshAssessed, 4),
        (SentenceAmended, 4),
    ]
    assert [(each.register, each.level, each.category) for each in of(record, Registered)] == [
        ("RCPR", None, None),
        ("MAPP", MappaLevel.TWO, MappaCategory.ONE),
        ("WEAP", None, None),
    ]
    assert of(record, RegistrationReviewed)[0].level is MappaLevel.THREE
    amounts = {each.kind: each.amount for each in case(record).requirements.values()}
    assert amounts == {
        RequirementKind.RAR: 30,
        RequirementKind.PROGRAMME: 0,
    }
    assert [each.level for each in of(record, RoshAssessed)] == [Rosh.LOW, Rosh.HIGH]
    assert of(record, PersonDetailsRecorded)[-1].language == "Welsh"


def test_another_kind_or_start_is_another_sentence(record: Record, tmp_path: Path) -> None:
    other = {"order": "SSO", "from": "2024-06-01", "until": "2026-06-01"}
    bring(record, tmp_path, a_fact_row(1, **ORDER), a_fact_row(2, when="2024-06-05 10:00", **other))
    assert [each.kind for each in of(record, SentenceStarted)] == [SentenceKind.COMMUNITY_ORDER, SentenceKind.SUSPENDED_SENTENCE_ORDER]


def test_a_rosh_assessment_stands_on_its_own_day(record: Record, tmp_path: Path) -> None:
    said = {"risk": "H", "risk_day": "2024-02-10"}
    bring(record, tmp_path, a_fact_row(1, **said), a_fact_row(2, when="2024-04-01 10:00", **said))
    (assessed,) = of(record, RoshAssessed)
    assert (assessed.level, local_day(assessed.occurred_at), assessed.rationale) == (Rosh.HIGH, date(2024, 2, 10), "")


def test_what_somebody_of_the_service_asked_the_person_stands(record: Record, tmp_path: Path) -> None:
    bring(record, tmp_path, a_fact_row(1))
    record.change(Case, case_id("T-1"), record_details, None, now=NOW, by="A", language="Polish")
    bring(record, tmp_path, a_fact_row(1), a_fact_row(2, speaks="cym"))
    assert [each.language for each in of(record, PersonDetailsRecorded)] == ["Polish"]


def test_a_case_is_with_its_provider_and_team_before_anybody_holds_it(record: Record, tmp_path: Path) -> None:
    said = {"provider": "Wales", "case_team": "W1", "team": "W1"}
    bring(
        record,
        tmp_path,
        a_fact_row(1, holder="", **said),
        a_fact_row(2, when="2024-03-05 10:00", holder="HOLDER", **said),
        a_fact_row(3, ref="2"),
    )
    (with_team,) = of(record, ProviderAllocated)
    (held,) = of(record, CaseAllocated)
    assert (with_team.provider, with_team.team, held.provider, held.team, held.practitioner) == ("P2", "W1", "P2", "W1", "HOLDER")
    assert record.state(Provider, provider_id("P2")).teams == {"W1"}
    assert record.state(Practitioner, practitioner_id("HOLDER")).team == "W1"
    assert of(record, CaseAllocated, reference="2")[0].provider == "P1"


# -- of the contact ----------------------------------------------------------------------------------------------------


def test_a_row_with_an_outcome_was_an_appointment(record: Record, tmp_path: Path) -> None:
    bring(record, tmp_path, a_fact_row(1, result="Attended", also="W9", room="Interview room", text="Talked.", **ORDER))
    (arranged,), (outcome,) = of(record, AppointmentArranged), of(record, OutcomeRecorded)
    assert of(record, ContactRecorded) == []
    assert arranged.starts_at == outcome.occurred_at == datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert (arranged.mode, arranged.second_practitioner, outcome.second_practitioner) == (Mode.OFFICE, "W9", "W9")
    assert (outcome.outcome, outcome.privacy, outcome.note) == ("ATTC", Privacy.PRIVATE, "Talked.")
    assert record.state(Practitioner, practitioner_id("W9")).version


def test_what_was_shown_is_about_the_failure_before_it(record: Record, tmp_path: Path) -> None:
    bring(
        record,
        tmp_path,
        a_fact_row(1, result="Missed", **ORDER),
        a_fact_row(
            2,
            when="2024-03-08 10:00",
            result="Missed",
        ),
        a_fact_row(3, when="2024-03-09 10:00", shown="Sick note", accepted="Y", text="Showed a note."),
        a_fact_row(4, when="2024-03-20 10:00", result="Missed", shown="nothing was shown"),
    )
    missed = [each.originator_version for each in record.history(case_id("T-1")) if isinstance(each.event, OutcomeRecorded)]
    found = [(each.failure, each.evidence, each.accepted, each.reason) for each in of(record, EvidenceDecided)]
    assert found == [(missed[1], Evidence.MEDICAL, True, "Showed a note."), (missed[2], Evidence.NOTHING, False, "")]


def test_privacy_of_a_contact_as_mapped_and_what_is_not_mapped_takes_the_default(record: Record, tmp_path: Path) -> None:
    rows = [a_fact_row(1, room="Interview room"), a_fact_row(2, room="open booth"), a_fact_row(3, room="Corridor")]
    report = bring(record, tmp_path, *rows, settings="strict = false")
    assert [each.privacy for each in of(record, ContactRecorded)] == [Privacy.PRIVATE, Privacy.BOOTH, Privacy.NOT_KNOWN]
    assert report.values_not_mapped == 1


# -- once, and what is refused -----------------------------------------------------------------------------------------

EVERYTHING = ORDER | {
    "ordered": "UPW:120;RAR:20",
    "risk": "H",
    "risk_day": "2024-02-10",
    "flags": "Child protection;MAPPA 2/1",
    "speaks": "cym",
    "interpreter": "Polish",
    "provider": "Wales",
    "case_team": "W1",
    "room": "Interview room",
    "served": "RAR",
}


def test_twice_adds_nothing_and_a_new_row_that_says_the_same_is_a_contact_alone(record: Record, tmp_path: Path) -> None:
    rows = [a_fact_row(1, **EVERYTHING), a_fact_row(2, when="2024-03-08 10:00", result="Missed", shown="Sick note", **EVERYTHING)]
    first = bring(record, tmp_path, *rows)
    before = record.head()
    again = bring(record, tmp_path, *rows)
    assert (first.entries_added, again.entries_added, again.events_added, again.already_there) == (2, 0, 0, 2)
    assert record.head() == before
    more = bring(record, tmp_path, *rows, a_fact_row(3, when="2024-04-08 10:00", **EVERYTHING))
    assert (more.entries_added, more.events_added) == (1, 1)


BAD: list[tuple[dict[str, str], str]] = [
    ({"room": "Corridor"}, "privacy “Corridor” is not in the mapping"),
    ({"result": "Maybe"}, "outcome “Maybe” is not in the mapping"),
    ({"also": "W9"}, "only an appointment has one"),
    ({"result": "Attended", "also": "W1"}, "must be somebody else"),
    ({"result": "Attended", "also": "W" * 65}, "worker has more than 64"),
    ({"served": "Gardening"}, "requirement “Gardening” is not in the mapping"),
    ({"served": "RAR"}, "no requirement “rehabilitation activity” on 1 March 2024"),
    ({"shown": "Wink"}, "evidence “Wink” is not in the mapping"),
    ({"shown": "Sick note"}, "no failure to attend or comply before it"),
    ({"result": "Attended", "shown": "Sick note"}, "which is no failure"),
    ({"result": "Missed", "shown": "Sick note", "accepted": "perhaps"}, "neither yes nor no"),
    (ORDER | {"order": "Fine"}, "sentence “Fine” is not in the mapping"),
    (ORDER | {"until": ""}, "its kind, its start and its expected end"),
    (ORDER | {"from": "soon"}, "start of the sentence: “soon” cannot be read"),
    (ORDER | {"from": "2026-07-01", "until": "2027-07-01"}, "is in the future"),
    (ORDER | {"until": "2024-02-01"}, "not after its start"),
    (ORDER | {"until": "later"}, "expected end of the sentence: “later” cannot be read"),
    ({"ordered": "RAR:20"}, "no sentence that orders them"),
    (ORDER | {"ordered": "Gardening:3"}, "requirement “Gardening” is not in the mapping"),
    (ORDER | {"ordered": "RAR:many"}, "not a whole number"),
    (ORDER | {"ordered": "RAR:1;RAR:2"}, "stands twice"),
    (ORDER | {"ordered": ":20"}, "has no kind"),
    (ORDER | {"ordered": "UPW:9000"}, "Hours of unpaid work must be between"),
    ({"risk": "scary"}, "RoSH level “scary” is not in the mapping"),
    ({"risk_day": "2024-02-10"}, "without its level"),
    ({"risk": "H", "risk_day": "2027-02-10"}, "is in the future"),
    ({"flags": "Tall"}, "register “Tall” is not one of ours"),
    ({"flags": "MAPP"}, "MAPP/level/category"),
    ({"flags": "MAPP/9/1"}, "MAPP/level/category"),
    ({"flags": "RCPR/2"}, "MAPP/level/category"),
    ({"flags": "RCPR;Child protection"}, "stands twice"),
    ({"speaks": "x" * 61}, "longer than 60"),
    ({"interpreter": "English"}, "other than English"),
    ({"provider": "Nowhere"}, "provider “Nowhere” is not in the mapping"),
]


def test_each_value_that_cannot_be_is_refused_with_its_row_and_nothing_of_its_case_is_stored(record: Record, tmp_path: Path) -> None:
    # given cases with a good row and then a bad one of each kind
    rows = [[a_fact_row(2 * n, ref=str(n)), a_fact_row(2 * n + 1, ref=str(n), **said)] for n, (said, _) in enumerate(BAD)]
    report = bring(record, tmp_path, *[row for pair in rows for row in pair], a_fact_row(9999, ref="good", **EVERYTHING))
    # then each is named by its row, in words
    assert [(each.row, each.case) for each in report.refused] == [(2 * n + 2, str(n)) for n in range(len(BAD))]
    for refused, (_, words) in zip(report.refused, BAD, strict=True):
        assert words in refused.reason
    # and nothing of those cases is in the record
    assert report.entries_added == 1
    assert not any(record.history(case_id(f"T-{n}")) for n in range(len(BAD)))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ('[outcomes]\n"A" = "XXXX"', "not an outcome of ours"),
        ('[registers]\n"A" = "XXXX"', "not one of ours"),
        ('[registers]\n"A" = "MAPP"', "MAPP/level/category"),
        ('[sentences]\n"A" = "a fine"', "a fine"),
    ],
)
def test_a_mapping_of_values_that_are_none_of_ours_is_refused(tmp_path: Path, values: str, words: str) -> None:
    path = mapping_file(tmp_path)
    path.write_text(path.read_text("utf-8") + values, "utf-8")
    with pytest.raises(ImportProblem, match=words):
        read_mapping(path)


# -- on the pages ------------------------------------------------------------------------------------------------------


def test_the_pages_of_the_case_say_so(record: Record, tmp_path: Path, app: Flask, browser: Browser) -> None:
    # given an imported case of the officer who is signed in
    Scenario(record).staff()
    rows = [a_fact_row(1, **EVERYTHING | {"holder": "SIAN", "who": "SIAN", "provider": "", "case_team": "N1"})]
    report = bring(record, tmp_path, *rows)
    assert report.refused == ()
    app.extensions["throughline"].read_side.catch_up()
    officer = browser.sign_in("SIAN")
    for page, words in (
        ("sentence", ("Community order", "120", "20")),
        ("risk", ("High", "MAPPA", "Child protection")),
        ("person", ("Welsh", "Polish")),
    ):
        answer = officer.get(f"/cases/T-1/{page}")
        assert answer.status_code == 200, page
        assert [word for word in words if word.lower() not in answer.text.lower()] == [], page
