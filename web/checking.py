"""The commands that say whether the record is well, and that sign for it: checks of rows, ledger and checkpoints."""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import BinaryIO, TextIO

import click
import msgspec

from domain import redrawing
from domain.working_days import LONDON
from projections.building import Underway
from projections.following import Health
from projections.read_models import ReadSide
from store import checkpoints, ledger, log_key
from store.checkpoints import Checkpoint, Waits
from store.database import Unusable
from store.ledger import Fault
from store.notes import Verifier, read_vkey
from store.policy import current_policy
from store.proofs import NotProven, proven
from store.record import Record
from web.console import json_option, open_record, plainly, told
from web.words import lasting, percent

SHOWN = 100
LONGEST_PROOF = 10_000_000


@click.command()
@click.option("--all", "everything", is_flag=True, help="Compare every case's rows with a fresh fold, not a sample.")
@click.option("--log-key", "keys", multiple=True, help="A public key of the log that you hold; else those that the database names.")
@json_option
@plainly
def check(everything: bool, keys: tuple[str, ...], as_json: bool) -> None:
    """Health: position, lag, poisoned events, the ledger with its checkpoints, and rows that differ from a fresh fold. Exits with 1 when
    not well."""
    trusted = [read_vkey(key) for key in keys]
    with open_record() as record:
        health = ReadSide(record, current_policy()).health(sample=None if everything else 200)
        faults = [*_faults(record, health.head, trusted)]
        with record.pool.connection() as conn:
            newest, waits = checkpoints.last(conn), checkpoints.waits(conn, record.clock() - checkpoints.LOOKED_BACK)
    well = health.well and not faults
    if as_json:
        told_all = {**msgspec.to_builtins(health), "lag": health.lag, "faults": msgspec.to_builtins(faults), "well": well}
        told_all["checkpoint"] = msgspec.to_builtins(newest)
        click.echo(json.dumps(told_all))
    else:
        _say_rows(health)
        _say_ledger(faults, newest, waits)
    if not well:
        sys.exit(1)


def _faults(record: Record, head: int, trusted: Sequence[Verifier]) -> Iterator[Fault]:
    with record.pool.connection() as conn:
        keys = trusted or log_key.known_keys(conn)
        for what, reading in (("ledger", ledger.verify(conn)), ("checkpoints", checkpoints.verify(conn, keys))):
            with told(f"Reading the {what}") as tell:
                for found in reading:
                    if isinstance(found, Fault):
                        yield found
                    else:
                        tell(found, head)


def _say_rows(health: Health) -> None:
    click.echo(f"Position {health.head:,}; follower at {health.position:,} (lag {health.lag:,} events)")
    click.echo(f"Rows compared with a fresh fold: {health.compared:,}; differing: {len(health.differing):,}")
    for stream in health.differing:
        click.echo(f"  rows of {stream} differ")
    click.echo(f"Not folded yet: {health.unfolded:,}; parked: {len(health.parked):,}")
    for stream, error in health.parked:
        click.echo(f"  {stream}: {error}")
    if not health.current:
        click.echo("The rows are older than the code and were not compared. The scheduler replaces them; so does throughline rebuild.")
    if health.underway:
        click.echo(f"A rebuild {'is under way' if health.underway.going_on else 'was interrupted'}: {said_of(health.underway)}.")


def said_of(underway: Underway) -> str:
    """40% done, 400,000 of 1,000,000 events, 32,000 a second, about 2 minutes left."""
    share = f"{percent(underway.share, 0)} done, {underway.done:,} of {underway.of:,} events"
    if not (underway.going_on and underway.seconds_left):
        return share
    return f"{share}, {underway.per_second:,.0f} a second, {lasting(underway.seconds_left)} left"


def _say_ledger(faults: Sequence[Fault], newest: Checkpoint | None, waits: Waits) -> None:
    click.echo("The ledger is whole." if not faults else f"The ledger has {len(faults):,} faults:")
    for fault in faults[:SHOWN]:
        of = f" ({fault.originator_id} version {fault.version})" if fault.originator_id else ""
        click.echo(f"  position {fault.position:,}: {fault.what}{of}")
    if newest is None:
        click.echo("No checkpoint was signed yet. The scheduler signs them; so does throughline checkpoint.")
        return
    made_at = f"{newest.made_at.astimezone(LONDON):%Y-%m-%d %H:%M}"
    click.echo(f"Checkpoint {newest.number:,} of {made_at} covers {newest.size:,} entries; {waits.uncovered:,} wait for the next")
    if waits.longest is not None:
        longest = lasting(waits.longest.total_seconds())
        click.echo(f"Longest wait of an entry for its checkpoint in {checkpoints.LOOKED_BACK.days} days: {longest}")
    click.echo("Checkpoints show order, times of recording and that nothing was altered since. They do not show that a contact took place,")
    click.echo("and only one that somebody outside the service holds binds whoever holds its key.")


@click.command()
@click.option("--new-key", is_flag=True, help="The key in the file takes over from the one that checkpoints were signed with so far.")
@plainly
def checkpoint(new_key: bool) -> None:
    """Sign the ledger as it stands and print the newest checkpoint, for somebody outside the service to keep.

    The public key goes to standard error: give it to them once, by another way.
    """
    with open_record() as record, record.pool.connection() as conn:
        key = log_key.log_key()
        try:
            checkpoints.make(conn, key, anyway=new_key, instead=new_key)
        except (checkpoints.Broken, log_key.AnotherKey) as e:
            raise Unusable(str(e)) from e
        newest = checkpoints.last(conn)
    if newest is None:
        raise Unusable("There is nothing in the record to sign for.")
    click.echo(newest.note, nl=False)
    click.echo(f"Public key: {key.verifier.vkey}", err=True)


@click.command("proof")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--log-key", "logs", multiple=True, required=True, help="The public key of the log, which you got by another way.")
@click.option("--witness-key", "others", multiple=True, help="The public key of a witness whose word you take.")
@plainly
def check_proof(file: TextIO, logs: tuple[str, ...], others: tuple[str, ...]) -> None:
    """Check a proof of an entry that somebody handed over. Needs no database. Exits with 1 when it proves nothing."""
    try:
        found = proven(file.read(LONGEST_PROOF), [read_vkey(key) for key in logs], [read_vkey(key) for key in others])
    except NotProven as e:
        raise click.ClickException(f"Not proven: {e}") from e
    leaf = found.leaf
    click.echo(f"Entry {leaf.version} of {leaf.stream} ({leaf.topic}) stands at position {leaf.position:,} of {found.origin},")
    click.echo(f"recorded on {leaf.recorded_at.astimezone(LONDON):%Y-%m-%d %H:%M:%S}, under a checkpoint of {found.size:,} entries.")
    for name, at in found.seen:
        click.echo(f"Seen by {name} on {at.astimezone(LONDON):%Y-%m-%d %H:%M:%S}.")
    missing = len(others) - len(found.seen)
    click.echo(f"Witnesses that you named and that did not sign: {missing}. This does not show that what the entry says took place.")
    if missing:
        sys.exit(1)


@click.command("redraw")
@click.argument("frame", type=click.File("rb"))
@click.argument("draw", type=click.File("rb"))
@plainly
def redraw_sample(frame: BinaryIO, draw: BinaryIO) -> None:
    """Draw the sample of an inspection again from its two files, frame and draw. Needs no database. Exits with 1 when they do not agree."""
    try:
        files = redrawing.read_files(frame.read(), draw.read())
        found = redrawing.redraw(*files)
    except redrawing.Differs as e:
        raise click.ClickException(f"Not the same sample: {e}") from e
    click.echo(f"Inspection {files[0].inspection}: drawing again gives the same {sum(map(len, found.values()))} cases.")
    for stratum, references in found.items():
        click.echo(f"{stratum}: {' '.join(references)}")
