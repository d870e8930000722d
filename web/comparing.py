"""Charts of a measure: its months with the limits of their own movement, and teams or providers within the limits of chance."""

from datetime import date

from projections.measure import Measure
from projections.statistics.funnel import Group, funnel
from projections.statistics.xmr import xmr
from web import charts
from web.charts import Chart, Point, part_of
from web.language import gettext, in_language
from web.lines import Line, Lines, is_over
from web.whose import BY_PART, LEVEL_WORDS, Asked, Level
from web.words import short_month

COMPARED = (Level.PROVIDER, Level.TEAM)
"""Officers are not compared: each holds few cases, and other ones."""


def of_months(asked: Asked, measure: Measure, lines: Lines) -> Chart | None:
    """Months that are over, those with too few to give a share as gaps; None when there is no line to draw."""
    over = [line for line in lines.months if is_over(line, asked.seen.today)]
    points = [Point(_short(line), line.share, line.href, _counted(line)) for line in over]
    if sum(point.value is not None for point in points) < 2:
        return None
    limits = xmr([point.value for point in points], asked.seen.policy.comparison, least=0, most=1)
    return charts.series(points, limits, name="months", subject=gettext("%(subject)s, by month", subject=_subject(asked, measure)))


def of_parts(asked: Asked, measure: Measure, lines: Lines) -> Chart | None:
    """Providers of the nation or teams of a provider, against all together; None when there are not two with a share."""
    shown = {line.code: line for line in lines.parts if line.code and line.share is not None}
    if lines.part not in COMPARED or len(shown) < 2 or lines.whole.figure is None:
        return None
    groups = [Group(line.code, line.name, line.figure.yes, line.figure.denominator) for line in shown.values() if line.figure]
    rule = asked.seen.policy.comparison
    found = funnel(groups, rule, smallest=asked.seen.policy.share_from_contacts, target=lines.whole.figure.share)
    part = LEVEL_WORDS[lines.part]
    by = in_language(BY_PART[lines.part]).lower()
    return charts.funnel(
        found, name="parts", subject=f"{_subject(asked, measure)}, {by}", group=part.capitalize(), href=lambda code: shown[code].href
    )


def _subject(asked: Asked, measure: Measure) -> str:
    title, counted, whose = map(in_language, (measure.title, measure.counted[0], asked.whose.name))
    return f"{title} ({counted}), {whose}, {asked.period_words}"


def _counted(line: Line) -> str:
    return part_of(line.figure.yes, line.figure.denominator) if line.figure else ""


def _short(line: Line) -> str:
    """Nov 2025: a year of months finds room under a chart."""
    return short_month(date.fromisoformat(f"{line.code}-01"))
