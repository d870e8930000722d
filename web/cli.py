"""The `throughline` command: run the service, fill it, ask it, and see that it is well."""

import functools
import json
import os
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
import msgspec

from domain.case import case_id
from domain.event import Refused
from domain.working_days import LONDON
from projections import measures, timeline
from projections.organisations import names, teams
from projections.read_models import ReadSide
from projections.story import Story
from scheduler.clock import work as keep_working
from store import ledger
from store.database import Unusable, as_service, database, home, migrate
from store.embedded import exit_on_sigterm
from store.policy import current_policy
from store.record import Record
from store.sealing import master_key
from web import synthetic

P = ParamSpec("P")
R = TypeVar("R")


def _plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Errors that somebody can mend are said in words, without a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        exit_on_sigterm()
        try:
            return command(*args, **kwargs)
        except (Unusable, Refused, ValueError, synthetic.CannotSeed) as e:
            raise click.ClickException(str(e)) from e

    return run


@contextmanager
def _record(*, synthetic: bool = False) -> Iterator[Record]:
    with database() as dsn:
        migrate(dsn, synthetic=synthetic)
        record = Record(as_service(dsn), master_key(home()))
        try:
            yield record
        finally:
            record.close()


@contextmanager
def _read_side() -> Iterator[ReadSide]:
    """The read side, made or remade first if the code is newer than its rows, and caught up."""
    with _record() as record:
        read_side = ReadSide(record, current_policy())
        with _told("Preparing read models") as told:
            read_side.prepare(told)
        read_side.catch_up()
        yield read_side


@contextmanager
def _told(what: str) -> Iterator[Callable[[int, int], None]]:
    """Progress with rate and time left, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    began = time.monotonic()

    def tell(done: int, of: int) -> None:
        rate = done / max(time.monotonic() - began, 0.001)
        left = f", {max(of - done, 0) / rate:,.0f} s left" if of and rate else ""
        click.echo(f"\r{what}: {done:,}{f' of {of:,}' if of else ''} ({rate:,.0f} a second{left})   ", nl=False, err=True)

    yield tell
    click.echo("\r\x1b[K", nl=False, err=True)


class Instant(click.ParamType[datetime]):
    """A day (its last instant in England and Wales) or an instant; one without a zone is on that clock."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            if len(value) == 10:
                return datetime.combine(date.fromisoformat(value), datetime.max.time(), LONDON).astimezone(UTC)
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is neither a day like 2026-03-31 nor an instant like 2026-03-31T09:30.", param, ctx)
        return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)


as_known_option = click.option("--as-known", type=Instant(), help="As it was known on a day or at an instant.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Throughline, a supervision record for probation practitioners.

    The database is DATABASE_URL (PostgreSQL 15 or later) or, without it, an embedded one in THROUGHLINE_HOME.
    """


@cli.command()
@click.option("--home", "folder", type=click.Path(path_type=Path, file_okay=False), help="Where the embedded database lives.")
@click.option("--port", default=8000, show_default=True)
@click.option("--cases", default=300, show_default=True)
@click.option("--seed", default=1, show_default=True)
@_plainly
def demo(folder: Path | None, port: int, cases: int, seed: int) -> None:
    """Everything in one go: database, synthetic caseload if there is none, pages and scheduler."""
    from web.serving import children, must_be_free

    if folder is not None:
        os.environ["THROUGHLINE_HOME"] = str(folder.expanduser().resolve())
    must_be_free("127.0.0.1", port)
    with database() as dsn:
        migrate(dsn, synthetic=True)
        record = Record(as_service(dsn), master_key(home()))
        try:
            _fill(record, cases, seed, None)
        finally:
            record.close()
        surroundings = {"DATABASE_URL": dsn, "THROUGHLINE_HOME": str(home())}
        with children(["serve", "--port", str(port)], ["work"], environment=surroundings) as started:
            _announce(port, started)
            while all(child.poll() is None for child in started):
                time.sleep(0.2)
            raise click.ClickException("A part of the service ended; see above.")


def _announce(port: int, started: list[Any]) -> None:
    """Say where the service is once it answers there; nothing, if a part of it ended before."""
    address = f"http://127.0.0.1:{port}"
    while not _answers(f"{address}/ping"):
        if any(child.poll() is not None for child in started):
            return
        time.sleep(0.05)
    click.echo(f"\nThroughline is at {address}\n")
    click.echo("Sign in there as one of these invented people:")
    for person in synthetic.DEMO_STAFF:
        click.echo(f"  {person.role:<14} {person.name}")
    click.echo("\nPress Ctrl-C to stop everything, the database too.")
    sys.stdout.flush()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except OSError:
        return False


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Processes that answer requests.")
@_plainly
def serve(host: str, port: int, workers: int) -> None:
    """The pages only."""
    from web.serving import Server, end_with_parent, must_be_loopback

    must_be_loopback(host)
    end_with_parent()
    with database() as dsn:
        migrate(dsn)
        Server(dsn, master_key(home()), host, port, workers).run()


@cli.command()
@_plainly
def work() -> None:
    """The follower and the scheduler only."""
    from web.serving import end_with_parent

    end_with_parent()
    with _read_side() as read_side:
        keep_working(read_side, threading.Event())


@cli.command()
@click.option("--cases", required=True, type=click.IntRange(1))
@click.option("--seed", required=True, type=int)
@click.option("--until", type=Instant(), help="When the made-up history ends; now, unless it is said.")
@_plainly
def seed(cases: int, seed: int, until: datetime | None) -> None:
    """A synthetic population, lived through the real commands. The same seed gives the same history."""
    with _record(synthetic=True) as record:
        if record.head():
            raise Unusable("There is history in this record already.")
        _fill(record, cases, seed, until)


def _fill(record: Record, cases: int, seed: int, until: datetime | None) -> None:
    """Seed an empty record and make its read models."""
    if not record.head():
        with _told("Living through invented lives") as told:
            synthetic.seed(record, cases=cases, seed=seed, until=until or record.clock(), progress=lambda done: told(done, 0))
    with _told("Preparing read models") as told:
        ReadSide(record, current_policy()).prepare(told)


@cli.command("case")
@click.argument("crn")
@as_known_option
@json_option
@_plainly
def show_case(crn: str, as_known: datetime | None, as_json: bool) -> None:
    """A case's history, one entry a line."""
    with _read_side() as read_side:
        record = read_side.record
        up_to = record.position_at(as_known) if as_known else None
        history = record.history(case_id(crn), up_to=up_to, texts=True)
        if not history:
            raise Unusable(f"No case {crn} is known{f' at {as_known:%Y-%m-%d %H:%M}' if as_known else ''}.")
        with read_side.reading() as conn:
            known = names(conn) | {team.code: team.name for team in teams(conn)}
        entries = timeline.entries(Story(history), read_side.policy, lambda code: known.get(code, code))
    if as_json:
        click.echo(msgspec.json.encode(entries))
        return
    for entry in entries:
        late = f" (recorded {entry.delay_days} days later)" if entry.late else ""
        marks = f" [corrected by {entry.corrected_by}]" if entry.corrected_by else ""
        marks += f" [withdrawn by {entry.withdrawn_by}]" if entry.withdrawn_by else ""
        facts = "; ".join(entry.facts)
        click.echo(f"{entry.number:>4}  {entry.occurred_at.astimezone(LONDON):%Y-%m-%d %H:%M}{late}  {entry.title}{marks}  {facts}")


@cli.command("measure")
@click.argument("name", type=click.Choice(sorted(measures.MEASURES)))
@click.option("--provider", default="")
@click.option("--team", default="")
@as_known_option
@json_option
@_plainly
def show_measure(name: str, provider: str, team: str, as_known: datetime | None, as_json: bool) -> None:
    """A measure with its numerator, its denominator and what was left out."""
    measure = measures.MEASURES[name]
    scope = measures.Scope(provider=provider, team=team)
    with _read_side() as read_side:
        position = read_side.record.position_at(as_known) if as_known else read_side.record.head()
        schema = read_side.as_known_at(position) if as_known else "live"
        with read_side.reading(schema) as conn:
            found = measures.figure(conn, measure, scope)
    told = {
        "measure": name,
        "provider": provider,
        "team": team,
        "as_known": as_known.isoformat() if as_known else None,
        "position": position,
        "policy_version": read_side.policy.version,
        "numerator": found.yes,
        "denominator": found.denominator,
        "share": found.share,
        "yes": found.yes,
        "no": found.no,
        "not_evidenced": found.not_evidenced,
        "left_out": found.left_out,
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    share = f"{found.share:.1%}" if found.share is not None else "not known"
    click.echo(f"{measure.title}: {share}")
    click.echo(f"{measure.question}")
    click.echo(f"  {measure.counted[0]}: {found.yes:,} of {found.denominator:,}")
    click.echo(f"  {measure.counted[1]}: {found.no:,}; not evidenced: {found.not_evidenced:,}; left out: {found.left_out:,}")
    click.echo(f"  policy {read_side.policy.version}, as known at position {position:,}")


@cli.command()
@_plainly
def rebuild() -> None:
    """Build all read models afresh beside live writers, and swap them in."""
    with _record() as record, _told("Rebuilding") as told:
        began = time.monotonic()
        position = ReadSide(record, current_policy()).rebuild(told)
    click.echo(f"Rebuilt to position {position:,} in {time.monotonic() - began:.1f} s.")


@cli.command()
@click.option("--all", "everything", is_flag=True, help="Compare every case's rows with a fresh fold, not a sample.")
@json_option
@_plainly
def check(everything: bool, as_json: bool) -> None:
    """Health: position, lag, poisoned events, the ledger, and rows that differ from a fresh fold. Exits with 1 when not well."""
    with _record() as record:
        read_side = ReadSide(record, current_policy())
        health = read_side.health(sample=None if everything else 200)
        with record.pool.connection() as conn, _told("Reading the ledger") as told:
            faults = []
            for found in ledger.verify(conn):
                if isinstance(found, ledger.Fault):
                    faults.append(found)
                else:
                    told(found, health.head)
    well = health.well and not faults
    if as_json:
        told_all = {**msgspec.to_builtins(health), "lag": health.lag, "faults": msgspec.to_builtins(faults), "well": well}
        click.echo(json.dumps(told_all))
    else:
        click.echo(f"Position {health.head:,}; follower at {health.position:,} (lag {health.lag:,} events)")
        click.echo(f"Rows compared with a fresh fold: {health.compared:,}; differing: {len(health.differing):,}")
        for stream in health.differing:
            click.echo(f"  rows of {stream} differ")
        click.echo(f"Not folded yet: {health.unfolded:,}; parked: {len(health.parked):,}")
        for stream, error in health.parked:
            click.echo(f"  {stream}: {error}")
        click.echo("The ledger is whole." if not faults else f"The ledger has {len(faults):,} faults:")
        for fault in faults[:100]:
            click.echo(f"  position {fault.position:,}: {fault.what} ({fault.originator_id} version {fault.version})")
        if not health.current:
            click.echo("The rows are older than the code: run throughline rebuild.")
    if not well:
        sys.exit(1)


if __name__ == "__main__":
    cli()
