"""The commands that write a bundle of an inspection, and files for analysts, for somebody whose rights decide what is in them."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import click
from flask import g

from domain.access import Action, Resource, decide
from projections import inspections
from store import checkpoints, log_key
from store.database import Unusable
from store.record import Record
from web import analysts, bundling, create_app
from web.analysts import KINDS
from web.bundling import Stated
from web.console import open_read_side, plainly
from web.pages.bundle import stating
from web.service import reading, service
from web.session import Person, find_person
from web.zipping import zipped

WAITED = 120
"""Seconds that a bundle waits for the scheduler to sign a checkpoint: it does so each minute."""


@contextmanager
def _rights_of(staff: str, action: Action) -> Iterator[Person]:
    """Ask as somebody, as if they were signed in."""
    with open_read_side() as read_side:
        app = create_app(read_side.record, read_side.policy)
        with app.test_request_context():
            with reading() as conn:
                g.person = find_person(conn, staff)
            if g.person is None or not decide(g.person.subject, action).allowed:
                raise Unusable(f"{staff} is nobody who may do that.")
            yield g.person


def _must_be_an_inspection(reference: str) -> None:
    with reading() as conn:
        if inspections.inspection(conn, reference) is None:
            raise Unusable(f"There is no inspection {reference}.")


def _write(file: Path, pieces: Iterable[bytes]) -> None:
    """Whole, or not at all."""
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as out:
        for piece in pieces:
            out.write(piece)
    part.replace(file)
    click.echo(f"{file}: {file.stat().st_size:,} bytes")


@click.command("bundle")
@click.argument("reference")
@click.option("--for", "staff", required=True, help="The staff code of whoever takes it away: their rights decide which cases are opened.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The zip to write.")
@click.option("--texts", is_flag=True, help="With what was written in the cases, sensitive notes left out.")
@click.option("--sign", is_flag=True, help="Sign a checkpoint here instead of waiting for the scheduler's.")
@plainly
def bundle(reference: str, staff: str, out: Path, texts: bool, sign: bool) -> None:
    """Write the bundle of an inspection: how far its cases have come is stated in the record, and a checkpoint that covers that is awaited.

    Check it with verify.py, which is in it and which you should have by another way, with the public keys of log and witness.
    """
    with _rights_of(staff, Action.INSPECT):
        _must_be_an_inspection(reference)
        service().record.change_all([stating(reference)], uuid4())
        if sign:
            _sign(service().record)
        _write(out, zipped(bundling.files(_covered(reference), texts=texts)))


def _sign(record: Record) -> None:
    with record.pool.connection() as conn:
        try:
            checkpoints.make(conn, log_key.log_key())
        except (checkpoints.Broken, log_key.AnotherKey) as e:
            raise Unusable(str(e)) from e


def _covered(reference: str) -> Stated:
    """The statement, once a checkpoint covers it."""
    until = time.monotonic() + WAITED
    while True:
        past, under = bundling.statement(reference)
        if under is not None:
            return Stated(reference, past, under)
        if time.monotonic() > until:
            raise Unusable("No checkpoint covers the statement yet. Let throughline work run, or sign one here with --sign.")
        time.sleep(1)


@click.command("export-histories")
@click.option("--inspection", "reference", default="", help="The sample of this inspection.")
@click.option("--provider", default="", help="All cases that are with this provider now.")
@click.option("--kind", required=True, type=click.Choice(list(KINDS)))
@click.option("--for", "staff", required=True, help="The staff code of whoever takes it away.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--names", is_flag=True, help="Sampled cases that they may open under their own references.")
@plainly
def export_histories(reference: str, provider: str, kind: str, staff: str, out: Path, names: bool) -> None:
    """Write histories as an event log (OCEL 2.0, XES), or findings as a table (Parquet, CSV), under pseudonyms."""
    if bool(reference) == bool(provider):
        raise Unusable("Name an inspection or a provider.")
    with _rights_of(staff, Action.SEE_FINDINGS) as person:
        if reference:
            _must_be_an_inspection(reference)
            allowed = decide(person.subject, Action.INSPECT).allowed
        else:
            allowed = decide(person.subject, Action.SEE_FINDINGS, Resource(provider=provider)).allowed
        if not allowed:
            raise Unusable(f"{staff} is nobody who may do that.")
        chosen = analysts.of_sample(reference, names=names) if reference else analysts.of_provider(provider)
        _write(out, KINDS[kind].write(chosen))
