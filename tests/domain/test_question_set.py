"""Question sets: the shipped ones pass every check in both languages, and a file with a mistake is refused with its line."""

import pytest

from domain.event import Refused
from domain.organisation import ProviderKind
from domain.question_set import Applies, ImportedSet, asked, import_question_set, read_question_set
from domain.question_sets import shipped, texts
from tests.assessing import SUPERVISION
from tests.rules import did, given

SMALL = """\
name = "small"
version = "2026-1"
title = "Small"
providers = ["Community Rehabilitation Company"]

[[standards]]
number = "2.1"
title = "Assessment"
source = "A report"
mark = "[R]"

[[standards.questions]]
name = "engagement"
text = "Is it done together?"
source = "As recalled"
mark = "[R]"

[[standards.questions.prompts]]
name = "asked"
text = \"""
Was the person
asked?\"""

[[standards.questions.prompts]]
name = "heard"
text = "Was the person heard?"
"""


def refusal(text: str) -> str:
    with pytest.raises(Refused) as refused:
        read_question_set(text)
    assert refused.value.field == "text"
    return refused.value.message


def test_a_set_is_read_with_what_it_leaves_out_as_usual() -> None:
    read = read_question_set(SMALL)
    (question,) = asked([read]).values()
    assert (read.key, question.code, question.question.applies) == ("small 2026-1", "2.1.engagement", Applies.ALWAYS)
    assert [prompt.name for prompt in question.question.prompts] == ["asked", "heard"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('title = "Small"', 'titel = "Small"', "Line 3: “titel” is not known here."),
        ('title = "Assessment"\n', "", "Line 6: “title” is missing."),
        (
            'mark = "[R]"\n\n[[standards.questions]]',
            'mark = "[X]"\n\n[[standards.questions]]',
            "Line 10: “mark” has a value of the wrong kind.",
        ),
        ('name = "heard"', "name = 3", "Line 25: “name” has a value of the wrong kind."),
        ('name = "heard"', 'name = "asked"', "Line 24: “asked” stands here twice."),
        ('name = "heard"', 'name = "Heard!"', "Line 25: “Heard!” cannot be a name."),
        ('number = "2.1"', 'number = "21"', "Line 7: “21” cannot be a number."),
        ('version = "2026-1"', 'version = "new"', "Line 2: “new” cannot be a version."),
        ("Was the person\nasked?", " \n ", "Line 20: “text” is empty."),
        ('"Was the person heard?"', '"' + "x" * 401 + '"', "Line 26: “text” must be 400 characters or fewer."),
        ('name = "heard"', "name = = 3", "Line 25: this is not TOML."),
        ('["Community Rehabilitation Company"]', "[]", "Line 4: name a kind of provider."),
        ('["Community Rehabilitation Company"]', '["Other"]', "Line 4: “providers” has a value of the wrong kind."),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_the_line_of_the_mistake(before: str, after: str, message: str) -> None:
    assert SMALL.count(before) == 1
    assert refusal(SMALL.replace(before, after)) == message


def test_a_key_question_without_prompts_is_refused() -> None:
    assert refusal(SMALL[: SMALL.index("[[standards.questions.prompts]]")]) == "Line 12: “prompts” is missing."


def test_an_empty_file_is_refused() -> None:
    assert refusal("") == "Line 1: “name” is missing."


def test_a_file_larger_than_any_question_set_is_refused_unread() -> None:
    assert refusal("#" * 100_001) == "The file must be 100,000 characters or fewer."


def test_the_shipped_sets_make_ten_standards_for_each_kind_of_provider() -> None:
    by_kind = {kind: [s.number for one in shipped() if kind in one.providers for s in one.standards] for kind in ProviderKind}
    common = ["1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4"]
    assert by_kind == {ProviderKind.CRC: [*common, "4.1", "4.2"], ProviderKind.NPS: [*common, "3.1", "3.2"]}


def test_case_supervision_has_three_key_questions_to_a_standard() -> None:
    (supervision,) = [one for one in shipped() if one.name == "case-supervision"]
    assert [[q.name for q in s.questions] for s in supervision.standards] == [["engagement", "desistance", "safety"]] * 4


def test_every_part_of_a_shipped_set_has_its_welsh() -> None:
    for one in shipped():
        questions = [question for standard in one.standards for question in standard.questions]
        prompts = [prompt for question in questions for prompt in question.prompts]
        assert [part for part in (one, *one.standards, *questions, *prompts) if not part.cy] == []


def test_a_shipped_set_stands_in_the_file_of_its_name_and_version() -> None:
    assert {f"{one.name}-{one.version}.toml" for one in shipped()} == set(texts())


def test_an_imported_set_is_kept_whole() -> None:
    assert given(of=ImportedSet).when(import_question_set, question_set=SUPERVISION, shipped=[]).event.question_set == SUPERVISION


def test_a_name_and_version_is_imported_once_and_is_none_of_the_shipped_ones() -> None:
    message = "There is a question set supervision 2018-1 already. Give the file another version."
    imported = did(import_question_set, question_set=SUPERVISION, shipped=[])
    given(imported, of=ImportedSet).when(import_question_set, question_set=SUPERVISION, shipped=[]).refused(message, "text")
    given(of=ImportedSet).when(import_question_set, question_set=SUPERVISION, shipped=["supervision 2018-1"]).refused(message, "text")
