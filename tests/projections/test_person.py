"""The person as they stand: what was said last counts, also in the caseload that letters and lists use."""

from domain.case import open_case
from domain.person import record_details
from projections import caseload_row
from projections.person import details
from projections.story import Story
from tests.rules import NEXT, NOW, POLICY, YESTERDAY, did, given, supervised


def test_until_more_is_said_the_opening_counts() -> None:
    found = details(Story(given(did(open_case, language="Welsh", needs="Interpreter at court.")).history))
    assert found is not None
    assert (found.number, found.language, found.interpreter, found.needs) == (1, "Welsh", "", "Interpreter at court.")


def test_what_was_said_last_counts_and_not_what_was_recorded_last() -> None:
    late = did(record_details, at=NOW, said_at=YESTERDAY, language="English", interpreter="", needs="")
    found = details(Story(supervised(did(record_details, at=NOW), late).history))
    assert found is not None
    assert (found.number, found.language, found.interpreter, found.pronouns) == (NEXT, "Welsh", "Polish", "they, them")


def test_the_caseload_has_the_language_and_the_interpreter() -> None:
    columns = [name for name in caseload_row.COLUMNS if name != "stream_id"]
    (row,) = caseload_row.rows(Story(supervised(did(record_details, at=NOW)).history), POLICY)
    found = dict(zip(columns, row, strict=True))
    assert (found["language"], found["interpreter"]) == ("Welsh", "Polish")
