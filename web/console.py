"""What the commands share: the record they open, errors in plain words, progress on a terminal, instants as people type them."""

import functools
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, ParamSpec, TypeVar

import click

from domain.event import Refused
from domain.working_days import LONDON
from projections.read_models import ReadSide
from store.database import Unusable, as_service, database, home, migrate
from store.embedded import exit_on_sigterm
from store.imports import ImportProblem
from store.policy import current_policy
from store.record import Record
from store.sealing import master_key
from web.synthetic import CannotSeed
from web.words import lasting

P = ParamSpec("P")
R = TypeVar("R")


def plainly(command: Callable[P, R]) -> Callable[P, R]:
    """Errors that somebody can mend are said in words, without a traceback."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        exit_on_sigterm()
        try:
            return command(*args, **kwargs)
        except (Unusable, Refused, ValueError, CannotSeed, ImportProblem) as e:
            raise click.ClickException(str(e)) from e

    return run


@contextmanager
def open_record(*, synthetic: bool = False) -> Iterator[Record]:
    with open_as_owner(synthetic=synthetic) as (record, _):
        yield record


@contextmanager
def open_as_owner(*, synthetic: bool = False) -> Iterator[tuple[Record, str]]:
    """The record, which has the service's rights, and the address of the owner of its database."""
    with database() as dsn:
        migrate(dsn, synthetic=synthetic)
        record = Record(as_service(dsn), master_key(home()))
        try:
            yield record, dsn
        finally:
            record.close()


def ready(record: Record) -> ReadSide:
    """The read side with rows that pages can be shown from; those of an older release are kept until `work` has replaced them."""
    read_side = ReadSide(record, current_policy())
    if not read_side.is_ready():
        with told("Preparing read models") as tell:
            read_side.prepare(tell)
    return read_side


@contextmanager
def open_read_side() -> Iterator[ReadSide]:
    """The read side, made or remade first if the code is newer than its rows, and caught up."""
    with open_record() as record:
        read_side = ReadSide(record, current_policy())
        with told("Preparing read models") as tell:
            read_side.prepare(tell)
        read_side.catch_up()
        yield read_side


@contextmanager
def told(what: str) -> Iterator[Callable[[int, int], None]]:
    """Progress with rate and time left, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    began, before = time.monotonic(), 0

    def tell(done: int, of: int) -> None:
        nonlocal began, before
        if done < before or not before:
            began, before = time.monotonic(), done  # what an earlier run had done says nothing of how fast this one is
        rate = (done - before) / max(time.monotonic() - began, 0.001)
        left = f", {lasting((of - done) / rate)} left" if of and rate else ""
        click.echo(f"\r\x1b[K{what}: {done:,}{f' of {of:,}' if of else ''} ({rate:,.0f} a second{left})", nl=False, err=True)

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
