"""Jobs: plain functions of the read side and a time handed in, each saying in one line what it did."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import chain

from domain.inspection import InspectionAnnounced
from domain.words import said
from domain.working_days import local_day
from projections import fallen_due, reminders
from projections.building import Progress
from projections.event_log import kind_of
from projections.read_models import ReadSide
from store import checkpoints, job_runs, ledger, log_key, tree, witnesses

Job = Callable[[ReadSide, datetime], str]


class Amiss(Exception):
    """What a check found wrong, in words. The check was made: trying it again would find the same."""


ANNOUNCED = kind_of(InspectionAnnounced)
LEFT_FOR = timedelta(days=1)
"""How long an older release may not have followed the log, while this one did, before its rows go."""
UNUSED_FOR = timedelta(days=7)
"""How long a day of the past is kept built after somebody last asked for it."""
RUNS_FOR = timedelta(days=90)
"""How long it is told what a job did."""


def follow(read_side: ReadSide, now: datetime) -> str:
    """Fold whatever a crash left between an append and its rows."""
    folded = read_side.catch_up()
    return f"{folded} cases caught up" if folded else ""


def build_asked(read_side: ReadSide, progress: Progress) -> str:
    """Build the day of the past, or the figures under another policy, that somebody waits for the longest."""
    built = read_side.build_next(progress)
    return f"{built} built" if built else ""


def renew(read_side: ReadSide, progress: Progress) -> str:
    """Rebuild rows that an older release or policy made, beside them, and put the new ones in their place."""
    return "rows made by an older release were replaced" if read_side.prepare(progress) else ""


def drop_left_rows(read_side: ReadSide, now: datetime) -> str:
    """Remove the rows of older releases whose tables were others, once nobody keeps them up to date any more."""
    return said(job_runs.RELEASES_DROPPED, number=read_side.drop_left(now - LEFT_FOR))


def drop_unused_days(read_side: ReadSide, now: datetime) -> str:
    """Remove built days of the past that nobody has asked for lately."""
    dropped = read_side.drop_stale(now - UNUSED_FOR)
    return said(job_runs.DAYS_DROPPED, number=dropped)


def end_old_sessions(read_side: ReadSide, now: datetime) -> str:
    """Remove sessions of a day ago: nobody is signed in for that long."""
    with read_side.record.pool.connection() as conn:
        ended = conn.execute("delete from app.session where created_at < %s", (now - timedelta(days=1),)).rowcount
    return said(job_runs.SESSIONS_REMOVED, number=ended)


def verify_ledger(read_side: ReadSide, now: datetime) -> str:
    """Read the whole log beside its ledger and its checkpoints."""
    with read_side.record.pool.connection() as conn:
        found = chain(ledger.verify(conn), checkpoints.verify(conn, log_key.known_keys(conn)))
        faults = [fault for fault in found if isinstance(fault, ledger.Fault)]
    if faults:
        raise Amiss(f"{len(faults)} faults in the ledger: position {faults[0].position}, {faults[0].what}")
    return said("the ledger is whole")


def sign_checkpoint(read_side: ReadSide, now: datetime) -> str:
    """Sign the ledger as it stands, when it has grown and once at the beginning of each day."""
    with read_side.record.pool.connection() as conn:
        before = checkpoints.last(conn)
        new_day = before is not None and before.made_at.astimezone(UTC).date() < now.astimezone(UTC).date()
        try:
            made = checkpoints.make(conn, log_key.log_key(), anyway=new_day)
        except (checkpoints.Broken, log_key.AnotherKey, tree.LeafMissing) as found:
            raise Amiss(str(found)) from found
    if not made:
        return said("nothing to sign: the ledger has not grown")
    return said(job_runs.SIGNED, number=made.number, entries=made.size)


def ask_witnesses(read_side: ReadSide, now: datetime) -> str:
    """Have witnesses outside the service sign the newest checkpoint, where any are named."""
    asked, wrong = witnesses.outside(), []
    with read_side.record.pool.connection() as conn:
        newest = checkpoints.last(conn)
        if newest is None or not asked:
            return said("nothing to sign yet") if asked else said("no witness is named")
        for one in asked:
            try:
                witnesses.ask(conn, one, newest)
            except witnesses.NotCosigned as refusal:
                wrong.append(str(refusal))
    if wrong:
        raise Amiss("; ".join(wrong))
    return said(job_runs.COSIGNED, number=newest.number, witnesses=len(asked))


def sign_announced(read_side: ReadSide, now: datetime) -> str:
    """Sign an announcement of an inspection at once and have it witnessed: what comes after it must be told apart from what came before.

    What goes wrong is told by the two jobs that do this every minute.
    """
    with read_side.record.pool.connection() as conn:
        if not checkpoints.waits_for_one(conn, ANNOUNCED):
            return ""
    try:
        return f"{sign_checkpoint(read_side, now)}; {ask_witnesses(read_side, now)}"
    except Amiss as found:
        return str(found)


def put_totals_together(read_side: ReadSide, now: datetime) -> str:
    """Keep the totals of teams small: each command adds rows to them."""
    return said(job_runs.TOTALS_PUT_TOGETHER, number=read_side.put_totals_together())


def compare_rows(read_side: ReadSide, now: datetime) -> str:
    """Compare a sample of rows with a fresh fold."""
    health = read_side.health(sample=1000)
    wrong = "".join(f", {table} does not add up" for table in read_side.wrong_totals())
    found = said(job_runs.COMPARED, differing=len(health.differing), compared=health.compared, parked=len(health.parked))
    if health.differing or health.parked or wrong:
        raise Amiss(found + wrong)
    return found


def forget_old_runs(read_side: ReadSide, now: datetime) -> str:
    """Forget what jobs did months ago."""
    with read_side.record.pool.connection() as conn:
        return said(job_runs.RUNS_FORGOTTEN, number=job_runs.forget(conn, now - RUNS_FOR))


def prepare_reminders(read_side: ReadSide, now: datetime) -> str:
    """Prepare reminders of appointments that are near, and withdraw those of appointments that have changed."""
    rule = read_side.policy.reminders
    with read_side.reading() as conn:
        withdrawn = reminders.withdraw(conn, now=now)
        prepared = reminders.prepare(conn, now=now, until=now + timedelta(days=rule.days_ahead), modes=sorted(rule.modes))
        forgotten = reminders.forget(conn, before=now - timedelta(days=rule.kept_days))
    return said(job_runs.REMINDERS, prepared=prepared, withdrawn=withdrawn, forgotten=forgotten)


def count_fallen_due(read_side: ReadSide, now: datetime) -> str:
    """Count what fell due yesterday and was not done, by team and kind."""
    with read_side.reading() as conn:
        days, items = fallen_due.count(conn, today=local_day(now), now=now)
    return said(job_runs.FELL_DUE, items=items, days=days)
