"""The `throughline` command: run the service, fill it, ask it, and see that it is well."""

import os
import sys
import threading
import time
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from scheduler.clock import work as keep_working
from store.database import Unusable, as_service, database, home, migrate
from store.record import Record
from store.sealing import master_key
from web import asking, checking, exporting, synthetic, witnessing
from web.console import Instant, open_as_owner, open_record, plainly, ready, told
from web.synthetic.national import seed_nation


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
@plainly
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
@plainly
def serve(host: str, port: int, workers: int) -> None:
    """The pages only."""
    from web.serving import Server, end_with_parent, must_be_loopback

    must_be_loopback(host)
    end_with_parent()
    with database() as dsn:
        migrate(dsn)
        Server(dsn, master_key(home()), host, port, workers).run()


@cli.command()
@plainly
def work() -> None:
    """The follower and the scheduler only."""
    from web.serving import end_with_parent

    end_with_parent()
    with open_record() as record:
        keep_working(ready(record), threading.Event())


@cli.command()
@click.option("--cases", required=True, type=click.IntRange(1))
@click.option("--seed", required=True, type=int)
@click.option("--until", type=Instant(), help="When the made-up history ends; now, unless it is said.")
@click.option("--fast", is_flag=True, help="Stamp the cases out of some thousand lives and write them at once: a nation in minutes.")
@plainly
def seed(cases: int, seed: int, until: datetime | None, fast: bool) -> None:
    """A synthetic population, lived through the real commands. The same seed gives the same history."""
    with open_as_owner(synthetic=True) as (record, owner):
        if record.head():
            raise Unusable("There is history in this record already.")
        if fast:
            with told("Living through invented lives") as living, told("Writing a nation") as writing:
                seed_nation(record, owner, cases=cases, seed=seed, until=until or record.clock(), living=living, writing=writing)
        _fill(record, cases, seed, until)


def _fill(record: Record, cases: int, seed: int, until: datetime | None) -> None:
    """Seed an empty record and make its read models."""
    if not record.head():
        with told("Living through invented lives") as tell:
            synthetic.seed(record, cases=cases, seed=seed, until=until or record.clock(), progress=lambda done: tell(done, 0))
    ready(record)


for command in (
    asking.import_file,
    asking.show_case,
    asking.show_measure,
    asking.rebuild,
    checking.check,
    checking.checkpoint,
    checking.check_proof,
    checking.redraw_sample,
    witnessing.witness,
    exporting.bundle,
    exporting.export_histories,
):
    cli.add_command(command)


if __name__ == "__main__":
    cli()
