"""Service levels of one case: every limit and month with what met it, and the entry that says so."""

from collections.abc import Sequence

from flask import Blueprint
from werkzeug.wrappers import Response

from domain.access import Action
from domain.policy import Sourced
from domain.words import said
from domain.working_days import local_day
from projections.finding import Finding, Verdict
from projections.measures import MEASURES
from projections.measures.service_levels import COUNTED, MEANING, THEME
from web.gate import allow
from web.htmx import page
from web.pages.measure import MARKS
from web.service import now, service, story, this_case
from web.words import plural

blueprint = Blueprint("service_levels", __name__)

WORDS = dict(zip(Verdict, (*COUNTED, said("not evidenced"), said("not counted")), strict=True))
COLOURS = {Verdict.YES: "green", Verdict.NO: "red", Verdict.NOT_EVIDENCED: "purple", Verdict.LEFT_OUT: "grey"}
LEVELS = [measure for measure in MEASURES.values() if measure.theme == THEME]


def _limits() -> dict[str, tuple[str, Sourced]]:
    """The limit of each level, in words and with its source."""
    rules = {level.name: service().policy.sources[level.rules[0]] for level in LEVELS}
    return {name: (plural(int(rule.value), "working day"), rule) for name, rule in rules.items()}


@blueprint.get("/cases/<crn>/service-levels")
@allow(Action.SEE_CASE, past=True)
def of_case(crn: str) -> Response:
    told, today = story(this_case().stream_id), local_day(now())
    groups = [(level, level.findings(told, service().policy, today)) for level in LEVELS]
    return page(
        "service_levels/case.html",
        groups=[(level, _newest_first(found)) for level, found in groups if found],
        not_begun=[level for level, found in groups if not found],
        limits=_limits(),
        meaning=MEANING,
        words=WORDS,
        colours=COLOURS,
        marks=MARKS,
    )


def _newest_first(found: Sequence[Finding]) -> list[Finding]:
    return list(reversed(found))
