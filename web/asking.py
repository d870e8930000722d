"""The commands that ask the record, and the one that brings a source's history in."""

import json
import sys
import time
from datetime import datetime
from pathlib import Path

import click
import msgspec

from domain.case import case_id
from domain.policies import versions
from domain.working_days import LONDON, local_day
from projections import counted, figures, timeline
from projections.as_known import Wanted
from projections.engine import LIVE
from projections.measures import MEASURES
from projections.organisations import named
from projections.read_models import ReadSide
from projections.story import Story
from store.database import Unusable
from store.imports import ImportReport, import_csv, import_delius, read_delius_options, read_mapping
from store.policy import current_policy, policy_of
from web.console import as_known_option, json_option, open_read_side, open_record, plainly, told


@click.command("case")
@click.argument("crn")
@as_known_option
@json_option
@plainly
def show_case(crn: str, as_known: datetime | None, as_json: bool) -> None:
    """A case's history, one entry a line."""
    with open_read_side() as read_side:
        record = read_side.record
        up_to = record.position_at(as_known) if as_known else None
        history = record.history(case_id(crn), up_to=up_to, texts=True)
        if not history:
            raise Unusable(f"No case {crn} is known{f' at {as_known:%Y-%m-%d %H:%M}' if as_known else ''}.")
        entries = timeline.entries(Story(history), read_side.policy, named(read_side.reading))
    if as_json:
        click.echo(msgspec.json.encode(entries))
        return
    for entry in entries:
        late = f" (recorded {entry.delay_days} days later)" if entry.late else ""
        marks = f" [corrected by {entry.corrected_by}]" if entry.corrected_by else ""
        marks += f" [withdrawn by {entry.withdrawn_by}]" if entry.withdrawn_by else ""
        facts = "; ".join(entry.facts)
        click.echo(f"{entry.number:>4}  {entry.occurred_at.astimezone(LONDON):%Y-%m-%d %H:%M}{late}  {entry.title}{marks}  {facts}")


@click.command("measure")
@click.argument("name", type=click.Choice(sorted(MEASURES)))
@click.option("--provider", default="")
@click.option("--team", default="")
@as_known_option
@click.option("--policy", type=click.Choice(versions()), help="Under the rule as of a version of the policy; else the newest.")
@json_option
@plainly
def show_measure(name: str, provider: str, team: str, as_known: datetime | None, policy: str | None, as_json: bool) -> None:
    """A measure with its numerator, its denominator and what was left out."""
    measure = MEASURES[name]
    with open_read_side() as read_side:
        position = read_side.record.position_at(as_known) if as_known else read_side.record.head()
        rule = policy_of(policy) if policy else read_side.policy
        schema = LIVE
        scope = figures.Scope(local_day(as_known or read_side.record.clock()), provider=provider, team=team)
        if as_known or rule is not read_side.policy:
            at = as_known or read_side.record.clock()
            with told(f"Counting as known at position {position:,}") as tell:
                wanted = Wanted(position, rule, at, team, "" if team else provider, frozenset({counted.table(measure)}))
                schema = read_side.build(wanted, tell).name
        with read_side.reading(schema) as conn:
            found = figures.figure(conn, measure, scope)
    answer = {
        "measure": name,
        "provider": provider,
        "team": team,
        "as_known": as_known.isoformat() if as_known else None,
        "position": position,
        "policy_version": rule.version,
        "numerator": found.yes,
        "denominator": found.denominator,
        "share": found.share,
        "yes": found.yes,
        "no": found.no,
        "not_evidenced": found.not_evidenced,
        "left_out": found.left_out,
    }
    if as_json:
        click.echo(json.dumps(answer))
        return
    share = f"{found.share:.1%}" if found.share is not None else "not known"
    click.echo(f"{measure.title}: {share}")
    click.echo(f"{measure.question}")
    click.echo(f"  {measure.counted[0]}: {found.yes:,} of {found.denominator:,}")
    click.echo(f"  {measure.counted[1]}: {found.no:,}; not evidenced: {found.not_evidenced:,}; left out: {found.left_out:,}")
    click.echo(f"  policy {rule.version}, as known at position {position:,}")


@click.command()
@plainly
def rebuild() -> None:
    """Build all read models afresh beside live writers, and swap them in. A rebuild that was interrupted is taken up."""
    with open_record() as record, told("Rebuilding") as tell:
        began = time.monotonic()
        position = ReadSide(record, current_policy()).rebuild(tell)
    taken = time.monotonic() - began
    click.echo(f"Rebuilt to position {position:,} in {taken:.1f} s, {position / taken:,.0f} events a second.")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", required=True, help="The mapping file, or the name of one that is shipped: receipt, delius.")
@click.option("--dry-run", is_flag=True, help="Say what would be imported and what refused; write nothing.")
@json_option
@plainly
def import_file(file: Path, mapping: str, dry_run: bool, as_json: bool) -> None:
    """Bring a case log in: CSV (or .csv.gz) by a mapping, or an NDelius-shaped activity log (.json)."""
    with open_record() as record:
        now = record.clock()
        with told("Importing") as tell:
            if file.suffix == ".json":
                report = import_delius(record, file, read_delius_options(mapping), now=now, dry_run=dry_run)
            else:
                report = import_csv(record, file, read_mapping(mapping), now=now, dry_run=dry_run, progress=lambda rows: tell(rows, 0))
        if not dry_run:
            read_side = ReadSide(record, current_policy())
            with told("Preparing read models") as tell:
                if not read_side.prepare(tell):
                    read_side.catch_up()
    if as_json:
        click.echo(msgspec.json.encode(report))
    else:
        _say(report)
    if report.refused_rows:
        sys.exit(1)


def _say(report: ImportReport) -> None:
    click.echo(f"{'Dry run: nothing was written. ' if report.dry_run else ''}{report.rows_read:,} rows of {report.cases:,} cases read.")
    would = "would be " if report.dry_run else ""
    click.echo(f"  {would}added: {report.entries_added:,} entries, {report.cases_opened:,} cases opened")
    click.echo(f"  there already: {report.already_there:,}")
    click.echo(f"  refused: {report.refused_rows:,}; {report.not_imported_because_of_another_row:,} more with them in the same cases")
    for row in report.refused:
        click.echo(f"  row {row.row:,}{f' ({row.case})' if row.case else ''}: {row.reason}")
    for note in report.notes:
        click.echo(f"  {note}")
