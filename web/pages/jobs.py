"""Jobs, for the administrator: what the service does by the clock, when each last ran and runs next, and what went wrong."""

from datetime import timedelta

from flask import Blueprint
from werkzeug.wrappers import Response

from domain.access import Action
from store import job_runs
from web.gate import allow
from web.htmx import page
from web.service import now, reading

blueprint = Blueprint("jobs", __name__)

FAILURES_FOR = timedelta(days=14)
KEPT_WITHIN = timedelta(minutes=5)
"""Each job is looked at every minute; when none was for longer than this, nobody keeps the timetable."""


@blueprint.get("/jobs")
@allow(Action.SEE_HEALTH)
def index() -> Response:
    """Names nobody: what jobs say of themselves are counts."""
    with reading() as conn:
        jobs, failures = job_runs.jobs(conn), job_runs.failures(conn, now() - FAILURES_FOR)
    kept_at = max((job.kept_at for job in jobs), default=None)
    return page(
        "jobs/index.html",
        jobs=jobs,
        failures=failures,
        days=FAILURES_FOR.days,
        kept_at=kept_at,
        is_kept=kept_at is not None and now() - kept_at < KEPT_WITHIN,
        at=now(),
        most=job_runs.MOST_TRIES,
    )
