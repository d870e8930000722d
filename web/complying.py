"""What the pages of compliance, breach and recall share: how enforcement stands in the case of the address, and days as given."""

from collections.abc import Callable, Iterable, Sequence, Set
from datetime import datetime, time
from typing import Any

from flask import flash
from werkzeug.wrappers import Response

from domain.breach import Route
from domain.case import Case
from domain.event import Event
from domain.evidence import Failure, Stand
from domain.ladder import Enforced, Finding, Step
from domain.outcome import OUTCOMES
from domain.remembered import Phase
from domain.sentence import SentenceStarted
from domain.words import begun, within
from domain.working_days import LONDON, local_day
from projections import compliance, organisations
from projections.story import Story
from store.record import step
from web.forms import Form
from web.htmx import see_other
from web.language import gettext, in_language
from web.service import carry_out_all, me, now, reading, service, this_case
from web.words import day


def route_here() -> Route:
    """How a breach of this case goes to court, by the kind of provider that holds it."""
    with reading() as conn:
        kinds = {provider.code: provider.kind for provider in organisations.providers(conn)}
    return compliance.route_of(kinds.get(this_case().provider, ""))


def enforced_here(story: Story) -> Enforced:
    return compliance.standing(story, service().policy, route_here())


def give(form: Form, field: str, command: Callable[..., Sequence[Event]], **details: Any) -> bool:
    """Give a command on this case; a refusal that names no field of the form stands beside `field`."""
    return carry_out_all(form, [step(Case, this_case().stream_id, command, now=now(), by=me().code, **details)], field)


def happened_on(form: Form, name: str, what: str, after: datetime | None = None) -> datetime | None:
    """When something was done, of which people know the day. Today means now, which is left to the command.

    On an earlier day it is put at noon, or at the moment of what it came after, if that was later on the same day.
    """
    on, today = form.day(name, what), local_day(now())
    if on is None or on == today:
        return None
    if on > today:
        form.wrong(name, gettext("%(what)s must be today or in the past", what=what))
        return None
    noon = datetime.combine(on, time(12), LONDON)
    return max(noon, after) if after is not None and local_day(after) == on else noon


def described(failure: Failure) -> str:
    """3 March 2026: unacceptable absence."""
    words = in_language(OUTCOMES[failure.outcome].description) if failure.outcome in OUTCOMES else failure.outcome
    told = f"{day(failure.on)}: {within(words)}"
    return told if failure.stand is Stand.COUNTS else f"{told} ({in_language(failure.stand)})"


TO_ANSWER = (Step.REFER, Step.WARN, Step.FOLLOW_UP)
"""The steps that an enforcement action answers."""


def grouped(findings: Iterable[Finding]) -> list[tuple[Finding, int]]:
    """Findings as a page lists them: of several failures that lead to the same step, the first with how many came after it."""
    found: list[tuple[Finding, int]] = []
    for finding in findings:
        if found and finding.step in TO_ANSWER and found[-1][0].step is finding.step:
            found[-1] = found[-1][0], found[-1][1] + 1
        else:
            found.append((finding, 0))
    return found


def failure_choices(failures: Iterable[Failure]) -> list[tuple[str, str]]:
    """Failures as boxes to tick, the newest first."""
    return [(str(failure.number), described(failure)) for failure in failures]


def sentences_in(told: Story, phases: Set[Phase]) -> list[tuple[str, str]]:
    """The running sentences that are in one of these phases, as choices."""
    now_in = compliance.phases(told)
    return [
        (str(s.number), gettext("%(sentence)s of %(day)s", sentence=begun(in_language(s.reads.kind)), day=day(s.reads.occurred_at)))
        for s in told.of(SentenceStarted)
        if now_in[s.number] in phases
    ]


def not_now() -> Response:
    """A step that cannot be taken (any more): the page says how things stand."""
    flash(gettext("That step cannot be taken now. This is how things stand."), "important")
    return see_other("compliance.index", crn=this_case().crn)
