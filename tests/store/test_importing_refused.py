"""Importing from CSV: each bad row, file and mapping is refused in words, and the rest comes in."""

import gzip
from pathlib import Path

import pytest

from domain.case import case_id
from domain.contact import LONGEST_NOTE
from store.imports import ImportProblem, import_csv, read_mapping, shipped_mappings
from store.record import Record
from tests.case_logs import HEADER, NOW, WIDE, a_row, adds_up, contacts, csv_file, csv_text, mapped, mapping_file

BAD: list[tuple[str, bytes, str, str]] = [
    # reference, the line, a word of the reason, the case that is named
    ("", b",W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a1", "reference is missing", ""),
    ("", b"   ,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a2", "reference is missing", ""),
    ("", b"x" * 80 + b",W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a3", "longer than 64", ""),
    ("", b'"3\n3",W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a4', "line break", ""),
    ("c5", b"c5,W1,W1,N1,Face to face,Visit,,,,a5", "time is missing", "c5"),
    ("c6", b"c6,W1,W1,N1,Face to face,Visit,yesterday,,,a6", "cannot be read as a date", "c6"),
    ("c7", b"c7,W1,W1,N1,Face to face,Visit,2099-01-01 10:00,,,a7", "in the future", "c7"),
    ("c8", b"c8,W1,W1,N1,Face to face,Visit,2024-03-31 01:30,,,a8", "never existed", "c8"),
    ("c9", b"c9,W1,W1,N1,Face to face", "5 columns", "c9"),
    ("c10", b"c10,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a10,more,more", "12 columns", "c10"),
    ("c11", b"c11,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,," + b"x" * (LONGEST_NOTE + 1) + b",a11", "12,001 characters", "c11"),
    ("c12", b"c12,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,a\x00b,a12", "control character (number 0)", "c12"),
    ("c13", b"c13,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,a\x1bb,a13", "control character (number 27)", "c13"),
    ("c14", b"c14,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,caf\xe9,a14", "not text", "c14"),
    ("c15", b"c15,W1,W1,N1,Smoke signal,Visit,2024-03-01 10:00,,,a15", "Smoke signal", "c15"),
    ("c16", b"c16,W1,W1,N1,Face to face,Dance,2024-03-01 10:00,,,a16", "Dance", "c16"),
    ("c17", b"c17,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,good", "more than once", "c17"),
    ("c18", b"c18,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,", "row id is missing", "c18"),
    ("c19", b'c19,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,"a"b,a19', "CSV", "c19"),
    ("c20", b"c20,W1,W1,N1,Face to face,Visit,0001-01-01 00:00,,,a20", "before 1900", "c20"),
    ("c21", b"c21,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,soon,,a21", "time of recording", "c21"),
    ("c22", b"c22," + b"W" * 65 + b",W1,N1,Face to face,Visit,2024-03-01 10:00,,,a22", "worker has more than 64", "c22"),
    ("c/23", b"c/23,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,a23", "slash", ""),
    ("c24", b'c24,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,"never closed,a24', "never ends", "c24"),
]


def test_each_kind_of_bad_row_is_named_with_its_reason_and_the_rest_is_imported(record: Record, tmp_path: Path) -> None:
    # given good cases before, between and after every kind of bad row; the last one never closes its quote
    lines = [",".join(WIDE).encode(), b"good,W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,good"]
    for number, (_, line, _, _) in enumerate(BAD[:-1]):
        lines += [line, f"g{number},W1,W1,N1,Face to face,Visit,2024-03-01 10:00,,,g{number}".encode()]
    file = tmp_path / "export.csv"
    file.write_bytes(b"\r\n".join([*lines, BAD[-1][1]]) + b"\r\n")
    # when it is imported
    mapping = mapped(tmp_path, columns='row_id = "id"')
    report = import_csv(record, file, mapping, now=NOW)
    # then each bad row is named, by its place among the rows of data, with a reason
    expected = [(2 + 2 * number, word, case) for number, (_, _, word, case) in enumerate(BAD)]
    assert [refused.row for refused in report.refused] == [row for row, _, _ in expected]
    for refused, (_, word, case) in zip(report.refused, expected, strict=True):
        assert word in refused.reason
        assert refused.case == case
    # and the good cases are in the record, the bad ones are not
    assert report.entries_added == len(BAD)
    assert len(contacts(record, "good")) == 1
    assert all(len(contacts(record, f"g{number}")) == 1 for number in range(len(BAD) - 1))
    assert not any(record.history(case_id(f"T-{case}")) for _, _, _, case in BAD if case)
    assert adds_up(report)


def test_a_bad_row_refuses_its_whole_case_and_mending_it_brings_the_case_in(record: Record, tmp_path: Path) -> None:
    # given a case with a good, a bad and a good row, among another case's
    rows = [a_row(), a_row(ref="2"), a_row(ref="2", when="never"), a_row(ref="2"), a_row()]
    report = import_csv(record, csv_file(tmp_path, *rows), mapped(tmp_path), now=NOW)
    assert (report.entries_added, report.refused_rows, report.not_imported_because_of_another_row) == (2, 1, 2)
    assert (report.cases, report.cases_refused, report.cases_opened) == (2, 1, 1)
    assert record.history(case_id("T-2")) == []
    # when the row is mended
    rows[2] = a_row(ref="2", when="2024-03-01 10:00")
    mended = import_csv(record, csv_file(tmp_path, *rows), mapped(tmp_path), now=NOW)
    # then only that case is new
    assert (mended.entries_added, mended.already_there, mended.refused_rows) == (3, 2, 0)
    assert len(contacts(record, "2")) == 3


def test_a_lone_quote_in_the_middle_does_not_swallow_the_rows_after_it(record: Record, tmp_path: Path) -> None:
    lines = csv_text([a_row(ref=str(n)) for n in range(9)]).splitlines()
    lines[4] = lines[4].removesuffix(",") + ',"open'
    file = tmp_path / "export.csv"
    file.write_text("\n".join(lines), "utf-8")
    report = import_csv(record, file, mapped(tmp_path), now=NOW)
    assert [(each.row, each.case) for each in report.refused] == [(4, "3")]
    assert (report.rows_read, report.entries_added) == (9, 8)


def test_a_quote_that_is_open_for_too_long_is_given_up(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.imports.reading.LONGEST_ROW", 400)
    rows = [a_row(ref=str(n)) for n in range(50)]
    lines = csv_text(rows).splitlines()
    lines[1] = lines[1].removesuffix(",") + ',"open'
    file = tmp_path / "export.csv"
    file.write_text("\n".join(lines), "utf-8")
    report = import_csv(record, file, mapped(tmp_path), now=NOW)
    assert (report.rows_read, report.entries_added, [each.row for each in report.refused]) == (50, 49, [1])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"ref,who\n1,W1\n", "no column “when”, “holder”"),
        (",".join([*HEADER, "ref"]).encode() + b"\n", "more than one column “ref”"),
        (b"\xff\xfer\x00e\x00f\x00", "UTF-16"),
        (b"PK\x03\x04xxxx", "workbook"),
        (gzip.compress(csv_text([a_row()] * 500).encode())[:-20], "cannot be read"),
        (b'"ref', "header cannot be read"),
    ],
)
def test_a_file_that_cannot_be_the_one_that_is_mapped_is_refused_as_a_whole(
    record: Record, tmp_path: Path, content: bytes, words: str
) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(content)
    with pytest.raises(ImportProblem, match=words):
        import_csv(record, file, mapped(tmp_path), now=NOW)
    assert record.head() == 0


def test_a_file_that_is_not_there_is_said_so(record: Record, tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="cannot be read"):
        import_csv(record, tmp_path / "none.csv", mapped(tmp_path), now=NOW)


def test_a_file_with_a_header_alone_imports_nothing(record: Record, tmp_path: Path) -> None:
    report = import_csv(record, csv_file(tmp_path), mapped(tmp_path), now=NOW)
    assert (report.rows_read, report.complete, record.head()) == (0, True, 0)


@pytest.mark.parametrize(
    ("settings", "columns", "words"),
    [
        ("colour = 1", "", "unknown field `colour`"),
        ("", 'height = "h"', "unknown field `height`"),
        ('time_zone = "Mars/Olympus"', "", "no time zone"),
        ('default_kind = "XXXX"', "", "not a kind"),
        ('default_mode = "pigeon"', "", "pigeon"),
        ('delimiter = ",,"', "", "delimiter"),
        ("delimiter = '\"'", "", "delimiter"),
        ("source = 3", "", "not right"),
    ],
)
def test_a_mapping_that_is_not_right_says_what_is_wrong(tmp_path: Path, settings: str, columns: str, words: str) -> None:
    with pytest.raises(ImportProblem, match=words):
        read_mapping(mapping_file(tmp_path, settings, columns))


def test_a_mapping_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="cannot be read"):
        read_mapping(tmp_path / "none.toml")


def test_every_shipped_mapping_can_be_read() -> None:
    assert {"receipt", "example", "delius"} <= set(shipped_mappings())
    assert read_mapping("receipt").source == "receipt"
    assert read_mapping("example").columns.row_id == "Contact id"


def test_a_file_in_another_encoding_and_with_another_delimiter(record: Record, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(csv_text([a_row(text="café – “so”")]).replace(",", ";").encode("windows-1252"))
    import_csv(record, file, mapped(tmp_path, 'delimiter = ";"\nencoding = "windows-1252"'), now=NOW)
    assert contacts(record, "1")[0].note == "café – “so”"
