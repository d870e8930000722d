"""Importing a foreign case log: rows a second, against binary COPY-in of the events that came of it into a table with the same indexes."""

import csv
import tempfile
from contextlib import closing
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from time import perf_counter

import psycopg

from bench.results import Line, now
from bench.stage import MASTER, Stage
from store.database import as_service
from store.imports import import_csv, read_mapping
from store.record import Record

ROWS_A_CASE = 40
"""About what a year of supervision comes to."""
MAPPING = """
source = "foreign"
case_prefix = "F-"
delimiter = ";"
time_zone = "Europe/Berlin"
time_formats = ["%d.%m.%Y %H:%M"]
nobody = ["niemand"]

[provider]
code = "FRG"
name = "A foreign service"
kind = "NPS"

[columns]
case = "Aktenzeichen"
occurred = "Zeitpunkt"
recorded = "Erfasst"
worker = "Bearbeiter"
allocated = "Zuständig"
team = "Dienststelle"
mode = "Form"
kind = "Anlass"
note = "Vermerk"
row_id = "Nummer"

[modes]
"Büro" = "office"
"Hausbesuch" = "home visit"
"Telefon" = "telephone"
"Brief" = "letter"

[kinds]
"Sprechstunde" = "COAP"
"Hausbesuch" = "CHVS"
"Anruf" = "CTOA"
"Schreiben" = "CLOB"
"""
HEADER = ("Nummer", "Aktenzeichen", "Zeitpunkt", "Erfasst", "Bearbeiter", "Zuständig", "Dienststelle", "Form", "Anlass", "Vermerk")
WAYS = (("Büro", "Sprechstunde"), ("Hausbesuch", "Hausbesuch"), ("Telefon", "Anruf"), ("Brief", "Schreiben"))
NOTES = ("", "", "Erschien pünktlich; über die Arbeitssuche gesprochen.", "Rückruf vereinbart: „am Freitag“.")


def write(folder: Path, rows: int, seed: int = 5) -> tuple[Path, Path]:
    """A made-up log in another language: by day, cases mixed, day first, clock times without an offset; and its mapping."""
    rng = Random(seed)
    file, mapping = folder / "export.csv", folder / "mapping.toml"
    mapping.write_text(MAPPING, "utf-8")
    cases = max(1, rows // ROWS_A_CASE)
    workers = max(1, cases // 40)
    at, step = datetime(2022, 1, 3, 8), timedelta(days=1000) / rows  # noqa: DTZ001 - what a clock on the wall showed
    with file.open("w", encoding="utf-8", newline="") as out:
        write_row = csv.writer(out, delimiter=";").writerow
        write_row(HEADER)
        for number in range(1, rows + 1):
            at += step
            case = rng.randrange(cases)
            holder = case % workers
            worker = holder if rng.random() < 0.8 else rng.randrange(workers)
            written = at + timedelta(minutes=rng.randrange(3000))
            times = (f"{at:%d.%m.%Y} {8 + at.hour % 10:02}:{at:%M}", f"{written:%d.%m.%Y} {8 + written.hour % 10:02}:{written:%M}")
            who = (f"B{worker:04}", f"B{holder:04}", f"D{worker % 20:02}")
            write_row((number, f"{case:06}-{case % 9}", *times, *who, *rng.choice(WAYS), rng.choice(NOTES)))
    return file, mapping


def copied(dsn: str) -> tuple[int, float]:
    """Copies the log of a record into a table with the same indexes: events, and the seconds of the best of three times."""
    with psycopg.connect(dsn, autocommit=True) as conn:
        kept = BytesIO()
        with conn.cursor().copy("copy (select * from record.event order by notification_id) to stdout (format binary)") as out:
            for block in out:
                kept.write(block)
        best, events = float("inf"), 0
        for _ in range(3):
            conn.execute("create table public.peer (like record.event including indexes including constraints)")
            kept.seek(0)
            start = perf_counter()
            with conn.cursor() as rows:
                with rows.copy("copy public.peer from stdin (format binary)") as into:
                    while block := kept.read(1 << 18):
                        into.write(block)
                events = rows.rowcount
            best = min(best, perf_counter() - start)
            conn.execute("drop table public.peer")
    return events, best


def run(stage: Stage) -> list[Line]:
    rows = 50_000 if stage.quick else 500_000
    dsn = stage.empty_record("bench_importing")
    with tempfile.TemporaryDirectory() as folder, closing(Record(as_service(dsn), MASTER)) as record:
        file, mapping = write(Path(folder), rows)
        start = perf_counter()
        report = import_csv(record, file, read_mapping(mapping), now=now())
        seconds = perf_counter() - start
    events, peer = copied(dsn)
    if (report.entries_added, report.events_added) != (rows, events):
        raise RuntimeError(f"{rows:,} rows came to {report.entries_added:,} entries and {events:,} events.")
    mine, theirs = events / seconds, events / peer
    ratio = mine / theirs
    return [
        Line(
            bench="importing",
            what=f"{rows:,} rows of a foreign log, {report.cases:,} cases",
            ratio=f"{ratio:.0%}",
            bar=">= 20 %",
            met=ratio >= 0.2,
            ours=f"{rows / seconds:,.0f} rows/s, {mine:,.0f} events/s",
            peer=f"{theirs:,.0f} events/s",
            note=f"{seconds:.1f} s, texts sealed and ledger included; peer: binary COPY-in of the same events, same indexes, no leaves",
            figures={"ratio": ratio, "rows_per_s": rows / seconds, "ours_per_s": mine, "peer_per_s": theirs},
        )
    ]
