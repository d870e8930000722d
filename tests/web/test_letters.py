"""Letters: the same words on page and in file, in both languages, found by a screen reader, and nothing told that should not be."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from string import Formatter
from typing import Any

import pytest
from pypdf import PdfReader

from domain.contact import KINDS, Mode
from domain.upw_instruction import InstructionKind, InstructionMethod, LetterLanguage, UpwInstructed
from web.letters import Appointment, From, Letter, instruction, message, reminder, words
from web.pdf import pdf

GIVEN = datetime(2026, 3, 2, 10, tzinfo=UTC)
STARTS = datetime(2026, 6, 3, 8, 30, tzinfo=UTC)
SENDER = From("X000001", "Gŵyl Tŷ-Mawr <b>", "Siân Rowlands", "Cardiff", GIVEN)
MEETING = Appointment(STARTS, 30, Mode.OFFICE.value, "", "Siân Rowlands")
TOLD = UpwInstructed(
    occurred_at=GIVEN,
    by="SIAN",
    requirement=3,
    kind=InstructionKind.FIRST,
    project="Bute Park",
    work_at=STARTS,
    method=InstructionMethod.HAND,
    transport="Bws 25 & wedyn cerdded",
)
ENGLISH, WELSH = LetterLanguage.ENGLISH, LetterLanguage.WELSH


def instructed(language: LetterLanguage, told: UpwInstructed = TOLD, replaces: datetime | None = None) -> Letter:
    return instruction(SENDER, told, hours=80, replaces=replaces, language=language)


def lines(letter: Letter) -> list[str]:
    """The words of a letter in the order of reading."""
    said = [[part.text, *(word for fact in part.facts for word in fact)] for part in letter.parts]
    return [line for part in said for text in part if text for line in text.split("\n")]


def read(made: bytes) -> tuple[PdfReader, list[str]]:
    reader = PdfReader(BytesIO(made))
    return reader, [" ".join(page.extract_text().split()) for page in reader.pages]


def test_both_languages_say_the_same_sentences_with_the_same_parts() -> None:
    def parts(said: dict[str, Any]) -> dict[str, set[str | None]]:
        flat = {f"{group}.{name}": text for group, texts in said.items() if isinstance(texts, dict) for name, text in texts.items()}
        flat |= {name: text for name, text in said.items() if isinstance(text, str)}
        return {name: {field for _, field, _, _ in Formatter().parse(text) if field} for name, text in flat.items()}

    assert parts(words()[ENGLISH]) == parts(words()[WELSH])
    assert set(words()[WELSH]["modes"]) == set(Mode)


def test_an_instruction_says_where_when_and_in_whose_place_it_stands() -> None:
    # 3 June 2026 is a Wednesday, and 08:30 UTC is half past nine in Cardiff; 3 February 2026 is a Tuesday.
    told = instructed(ENGLISH, replaces=datetime(2026, 2, 3, tzinfo=UTC))
    assert "Wednesday 3 June 2026, from 9:30am" in lines(told)
    assert "This instruction takes the place of the one we gave you on Tuesday 3 February 2026." in lines(told)
    assert "What to wear or bring" not in lines(told)
    cymraeg = instructed(WELSH, replaces=datetime(2026, 2, 3, tzinfo=UTC))
    assert "Dydd Mercher 3 Mehefin 2026, o 09:30" in lines(cymraeg)
    assert "Mae’r cyfarwyddyd hwn yn cymryd lle’r un a roddwyd i chi ar ddydd Mawrth 3 Chwefror 2026." in lines(cymraeg)


@pytest.mark.parametrize("language", list(LetterLanguage))
def test_the_file_says_every_word_of_the_letter_in_order(language: LetterLanguage) -> None:
    letter = instructed(language)
    _, (text,) = read(pdf([letter]))
    assert text == " ".join(" ".join(lines(letter)).split())


def test_a_screen_reader_finds_language_title_headings_and_paragraphs() -> None:
    reader, texts = read(pdf([instructed(ENGLISH), instructed(WELSH)]))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    assert reader.metadata is not None
    assert reader.metadata.title == "Instruction to do unpaid work"
    letters = [kid.get_object() for kid in root["/StructTreeRoot"]["/K"]]
    assert [letter["/Lang"] for letter in letters] == ["en", "cy"]
    tags = [[kid.get_object()["/S"] for kid in letter["/K"]] for letter in letters]
    # The day and reference, the title, four paragraphs before the heading among them three facts, and what is signed.
    assert tags[0] == tags[1] == ["/P", "/H1", "/P", "/P", "/P", "/P", "/P", "/P", "/P", "/P", "/H2", "/P", "/P"]
    assert len(texts) == 2
    parents = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for number, page in enumerate(reader.pages):
        assert page["/StructParents"] == number
        marked = re.findall(rb"/MCID (\d+)", page.get_contents().get_data())
        assert [int(n) for n in marked] == list(range(13))
        assert [piece.get_object()["/K"] for piece in parents[2 * number + 1].get_object()] == list(range(13))


def test_a_letter_longer_than_a_page_goes_on_upon_the_next() -> None:
    long = UpwInstructed(
        **{name: getattr(TOLD, name) for name in TOLD.__struct_fields__}
        | {"transport": "Walk on. " * 55, "work_type": "Digging. " * 55, "clothing": "Boots. " * 70}
    )
    letter = instructed(ENGLISH, long)
    reader, texts = read(pdf([letter]))
    assert len(reader.pages) == 2
    assert " ".join(texts) == " ".join(" ".join(lines(letter)).split())


def test_the_same_letters_are_the_same_file_and_none_is_no_file() -> None:
    assert pdf([instructed(WELSH)]) == pdf([instructed(WELSH)])
    with pytest.raises(ValueError, match="no letter"):
        pdf([])


def test_a_reminder_says_when_how_and_with_whom_in_each_language() -> None:
    letter = reminder(SENDER, MEETING, ENGLISH)
    assert lines(letter)[5:13] == [
        "When",
        "Wednesday 3 June 2026, at 9:30am",
        "How long",
        "30 minutes",
        "How we meet",
        "At our office",
        "Who with",
        "Siân Rowlands",
    ]
    assert "Dydd Mercher 3 Mehefin 2026, am 09:30" in lines(reminder(SENDER, MEETING, WELSH))
    assert message(MEETING, ENGLISH) == (
        "Reminder: you have an appointment on Wednesday 3 June 2026 at 9:30am with Siân Rowlands. "
        "If you cannot come, phone before then. Do not answer this message."
    )
    assert message(MEETING, WELSH).startswith("Nodyn atgoffa: mae gennych apwyntiad ar ddydd Mercher 3 Mehefin 2026 am 09:30")


@pytest.mark.parametrize("language", list(LetterLanguage))
def test_a_reminder_tells_nobody_of_an_offence_or_a_sentence(language: LetterLanguage) -> None:
    told = re.compile(r"probation|offen|sentence|court|order|licence|risk|CRC|prawf|trosedd|llys|dedfryd|gorchymyn|trwydded", re.IGNORECASE)
    for mode in set(Mode) - {Mode.PRISON, Mode.WORK}:
        meeting = Appointment(STARTS + timedelta(hours=1), None, mode.value, "Floor 2", "Siân Rowlands")
        assert told.findall(" ".join(lines(reminder(SENDER, meeting, language)))) == []
        text = message(meeting, language)
        assert told.findall(text) == []
        assert SENDER.name not in text
        assert SENDER.crn not in text
        assert not any(kind.label in text for kind in KINDS.values())
