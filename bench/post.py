"""Recording a contact until the next page is true: against one bare commit and the bare SQL of the page."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from time import perf_counter
from typing import LiteralString
from uuid import uuid4

import psycopg

from bench.data import OFFICER
from bench.library import NOTE
from bench.results import Line, compared, latency, skipped
from bench.stage import Stage
from bench.visitor import Missing, Visitor
from domain.case import Case, case_id
from domain.contact import record_contact
from projections import caseload, diary, engine
from projections.organisations import practitioner
from projections.read_models import MODELS

FORM = "/cases/<crn>/contacts/new"
BAR = 50.0
OFFICERS = 20
"""Whose cases are written in: each signs in, which takes longer than the rest."""
_WITH_CASES: LiteralString = (
    "select c.practitioner from caseload c join practitioner p on p.code = c.practitioner"
    " where c.ended_on is null and p.team <> '' group by 1 order by 1"
)


def run(stage: Stage) -> list[Line]:
    app, loaded = stage.live, stage.loaded
    times = 100 if stage.quick else 300
    rng = Random(loaded.load.events)  # a run soon after another writes in other cases: a contact of the same hour would be asked about
    with loaded.read_side.reading() as conn:
        rows = conn.execute("select crn from caseload where ended_on is null and practitioner <> '' order by crn").fetchall()
    crns = [crn for (crn,) in rows]
    floor = _floor(stage, crns, rng, times)
    lines = [_compared(stage, "command, fold and the case's row, without Flask", _direct(stage, crns, rng, times), floor)]
    if not any(rule.rule == FORM and "POST" in (rule.methods or ()) for rule in app.url_map.iter_rules()):
        return [*lines, skipped("post", "POST of the form until the next page", f"there is no {FORM} yet")]
    try:
        lines.insert(0, _compared(stage, "POST of the form until the next page", _through_pages(stage, rng, times), floor))
    except Missing as e:
        lines.append(skipped("post", "POST of the form until the next page", str(e)))
    return lines


def _compared(stage: Stage, what: str, ours: list[float], floor: list[float]) -> Line:
    note = f"{stage.loaded.load.events:,} events stored; peer: one synchronous INSERT and the bare SQL of the page"
    return compared("post", what, latency(ours), latency(floor), bar_ms=BAR, note=note)


def _through_pages(stage: Stage, rng: Random, times: int) -> list[float]:
    """Milliseconds from sending the form to having the page that it leads to; the form itself is fetched beforehand."""
    taken = []
    with stage.loaded.read_side.reading() as conn:
        rows = conn.execute(_WITH_CASES).fetchall()
        held = [code for (code,) in rows]
        visitors = {code: Visitor(stage.live, code) for code in rng.sample(held, min(OFFICERS, len(held)))}
        cases = [case for code in visitors for case in caseload.held_by(conn, now=stage.loaded.until, practitioner=code)]
    for case in rng.choices(cases, k=times):
        visitor = visitors[case.practitioner]
        address = FORM.replace("<crn>", case.crn)
        form = visitor.form(address) | {"note": [NOTE]}
        start = perf_counter()
        answer = visitor.client.post(address, data=form)
        if answer.status_code == 422 and 'id="alike"' in answer.text:
            continue  # a contact of this hour is in the case already, and the form rightly asks whether this is another
        if answer.status_code != 303:
            raise Missing(f"{address} answers {answer.status_code} to its own form")
        visitor.get(answer.location)
        taken.append((perf_counter() - start) * 1000)
    if not taken:
        raise Missing("every case drawn has a contact of this hour already")
    return taken


def _direct(stage: Stage, crns: list[str], rng: Random, times: int) -> list[float]:
    record, read_side = stage.loaded.record, stage.loaded.read_side

    def once(crn: str) -> Callable[[], object]:
        def act() -> object:
            now = record.clock()
            receipt = record.change(
                Case,
                case_id(crn),
                record_contact,
                uuid4(),
                now=now,
                by=OFFICER.code,
                occurred_at=now - timedelta(minutes=5),
                practitioner=OFFICER.code,
                kind="COUP",
                minutes=30,
                note=NOTE,
            )
            read_side.fold(receipt.streams)
            with read_side.reading() as conn:
                return caseload.case(conn, crn), diary.of_case(conn, stream_id=case_id(crn), since=now), practitioner(conn, OFFICER.code)

        return act

    return [_milliseconds(once(rng.choice(crns))) for _ in range(times)]


def _floor(stage: Stage, crns: list[str], rng: Random, times: int) -> list[float]:
    """The least that any service could do: a durable row, and the rows of the page."""
    with psycopg.connect(stage.loaded.dsn, autocommit=True) as conn:
        conn.execute("create table public.floor (id uuid primary key, body bytea not null)")
        conn.execute(f"set search_path to {engine.live(MODELS)}".encode())
        body = bytes(400)

        def once(crn: str) -> Callable[[], object]:
            def act() -> object:
                conn.execute("insert into public.floor values (%s, %s)", (uuid4(), body), prepare=True)
                found = conn.execute("select * from caseload where crn = %s", (crn,), prepare=True).fetchone()
                assert found is not None
                rows = conn.execute("select * from diary where stream_id = %s", (found[0],), prepare=True).fetchall()
                events = "select state, sealed from record.event where originator_id = %s order by originator_version"
                return rows, conn.execute(events, (found[0],), prepare=True, binary=True).fetchall()

            return act

        taken = [_milliseconds(once(rng.choice(crns))) for _ in range(times)]
        conn.execute("drop table public.floor")
    return taken


def _milliseconds(act: Callable[[], object]) -> float:
    start = perf_counter()
    act()
    return (perf_counter() - start) * 1000
