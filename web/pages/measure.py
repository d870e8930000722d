"""Measures: each figure with all it is made of, by month and by provider, team or officer, now or as known on a day."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, url_for
from psycopg import Connection
from werkzeug.wrappers import Response as AnyResponse

from domain.access import Action, Role
from domain.policies import versions
from domain.policy import Policy, Sourced
from domain.words import said
from projections import organisations
from projections.measure import THEMES, Measure
from projections.measures import MEASURES
from web import comparing, figure_files
from web.exports import download
from web.gate import allow
from web.htmx import page
from web.language import in_language
from web.lines import every, lines
from web.past import months_to_choose
from web.service import me, reading, service
from web.whose import BY_PART, LEVEL_WORDS, Asked, Level, Whose, asked, may, whoever, whoever_as_file

blueprint = Blueprint("measure", __name__)

ALL_MEASURES_OF = {
    Level.NATION: said("All measures of the nation"),
    Level.PROVIDER: said("All measures of the provider"),
    Level.TEAM: said("All measures of the team"),
    Level.OFFICER: said("All measures of the officer"),
}
SAME_FOR = {
    Level.NATION: said("The same for the nation"),
    Level.PROVIDER: said("The same for the provider"),
    Level.TEAM: said("The same for the team"),
}
NOTHING_OF = {
    Level.NATION: said("There is nothing to count in these months in a case of this nation."),
    Level.PROVIDER: said("There is nothing to count in these months in a case of this provider."),
    Level.TEAM: said("There is nothing to count in these months in a case of this team."),
}
MARKS = {
    "[V]": said("Sourced: seen in the source named"),
    "[R]": said("Recalled: still to be confirmed by a person"),
    "[D]": said("Decided by this service"),
}
PARAMETERS = {
    "modes": said("Ways of contact that count"),
    "planned_only_modes": said("Ways of contact that count only when planned"),
    "never_modes": said("Ways of contact that never count"),
    "purposes": said("Purposes that count"),
    "recorded_within_working_days": said("Working days within which an entry is in time"),
    "within_working_days": said("Working days within which an entry is in time"),
    "unseen_days": said("Days without being seen face to face that are too many"),
    "face_to_face_modes": said("Ways of contact that are face to face"),
    "zero_activity_days": said("Days without a purposeful contact that raise the flag"),
    "coc_from_contacts": said("Contacts from which the index of one case is shown"),
    "officers_window_days": said("Days over which officers are counted"),
    "officers_at_most": said("Officers up to whom they are few"),
    "first_meeting_working_days": said("Working days within which the new officer is met"),
    "rosh_review_months": said("Months until the level is reviewed"),
    "review_after_event_working_days": said("Working days until the risk is assessed after an event"),
    "refer_working_days": said("Working days until a referral is sent"),
    "urgent_working_days": said("Working days for an urgent referral"),
    "decision_working_days": said("Working days until the NPS decides"),
    "months_to_work": said("Months in which the hours are worked"),
    "assessed_within_working_days": said("Working days until the assessment and induction"),
    "worked_within_working_days": said("Working days from then until the first session"),
    "after_release_working_days": said("After release working days"),
    "crc_referral_working_days": said("CRC referral working days"),
    "decided_within_working_days": said("Decided within working days"),
    "due_working_days": said("Due working days"),
    "first_appointment_working_days": said("First appointment working days"),
    "follow_up_working_days": said("Follow up working days"),
    "nps_presentation_working_days": said("NPS presentation working days"),
    "nps_referral_working_days": said("NPS referral working days"),
    "review_months": said("Review months"),
}


def known(name: str) -> Measure:
    """The measure of that name; 404 when there is none."""
    return MEASURES.get(name) or abort(404)


def figure_page(template: str, of: Asked, block: str | None = None, **context: Any) -> Response:
    """A page of figures with what all of them show: whose, when counted, and the ways to other months, days and rules."""
    context |= {"asked": of, "whose": of.whose, "form": of.form, "period": of.period, "seen": of.seen, "as_known": of.seen.day}
    context |= {
        "versions": versions(),
        "enough": of.seen.policy.share_from_contacts,
        "level_words": LEVEL_WORDS,
        "all_measures_of": ALL_MEASURES_OF,
    }
    above = of.whose.above
    context["above"] = above if above and may(Action.SEE_MEASURES, above) else None
    return page(template, block, status=200 if of.form.ok else 422, **context)


@blueprint.get("/measures/in-words")
@allow(Action.SEE_MEASURES)
def in_words() -> Response:
    """What each measure asks, what it counts, and on what it rests."""
    themes = [(theme, [m for m in MEASURES.values() if m.theme == theme]) for theme in THEMES]
    return page("measure/in_words.html", themes=themes, policy=service().policy)


@whoever(blueprint, "/measures")
@allow(Action.SEE_MEASURES)
def index(**named: str) -> AnyResponse:
    """Every measure of somebody over the months asked for, by theme. Who may not see the nation's is shown to their own."""
    if not named and not may(Action.SEE_MEASURES, Whose()):
        mine: dict[str, Any] = {"team": me().team} if me().role is Role.MANAGER else {"practitioner": me().code}
        return redirect(url_for("measure.index", **mine), 303)
    of = asked(Action.SEE_MEASURES, named)
    with of.seen.reading() as conn:
        found = every(conn, of)
    themes = [(theme, some) for theme in THEMES if (some := [one for one in found if one[0].theme == theme])]
    choices = months_to_choose(of.period, of.seen.today)
    return figure_page("measure/all.html", of, themes=themes, choices=choices, groups=_others(of))


def _others(of: Asked) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whose figures these are made up of, by provider where there are several: names and addresses of those that the reader may see."""
    if of.whose.level is Level.OFFICER:
        return []
    found: list[tuple[str, list[Whose]]]
    with reading() as conn:
        if of.whose.level is Level.TEAM:
            people = organisations.of_team(conn, of.whose.code)
            found = [(said("Officers"), [Whose(Level.OFFICER, p.code, p.name, p.provider, p.team) for p in people])]
        else:
            providers = [p for p in organisations.providers(conn) if of.whose.code in ("", p.code)]
            found = [(p.name, _places(conn, p.code)) for p in providers]
    found = [(name, [one for one in some if one.code != of.whose.code and may(Action.SEE_MEASURES, one)]) for name, some in found]
    seen = [(name, [(one.name, of.url("measure.index", one)) for one in some]) for name, some in found]
    return [(name, some) for name, some in seen if some]


def _places(conn: Connection[Any], provider: str) -> list[Whose]:
    teams = organisations.teams(conn, provider)
    everybody = Whose(Level.PROVIDER, provider, said("All teams"), provider)
    return [everybody, *(Whose(Level.TEAM, team.code, team.name, provider, team.code) for team in teams)]


@whoever(blueprint, "/measures/<name>")
@allow(Action.SEE_MEASURES)
def show(name: str, **named: str) -> Response:
    measure = known(name)
    of = asked(Action.SEE_MEASURES, named, name)
    with of.seen.reading() as conn:
        found = lines(conn, of, measure)
    policy = of.seen.policy
    context: dict[str, Any] = {"measure": measure, "lines": found, "part": found.part and LEVEL_WORDS[found.part]}
    context |= {"by_part": BY_PART, "same_for": SAME_FOR, "nothing_of": NOTHING_OF}
    context |= {"parameters": _parameters(policy, measure), "policy": policy, "marks": MARKS}
    return figure_page("measure/show.html", of, choices=months_to_choose(of.period, of.seen.today), **context)


@whoever(blueprint, "/measures/<name>/charts")
@allow(Action.SEE_MEASURES)
def charts(name: str, **named: str) -> Response:
    """What stands out, in charts: the page of the measure fetches them when it is there, because drawing takes longer than counting."""
    measure = known(name)
    of = asked(Action.SEE_MEASURES, named, name)
    with of.seen.reading() as conn:
        found = lines(conn, of, measure)
    drawn: dict[str, Any] = {"months": comparing.of_months(of, measure, found), "parts": comparing.of_parts(of, measure, found)}
    return figure_page("measure/charts.html", of, "charts", measure=measure, part=found.part and LEVEL_WORDS[found.part], **drawn)


def _parameters(policy: Policy, measure: Measure) -> list[tuple[str, str, str, str]]:
    """The numbers and lists of the policy that this measure rests on: in words, the value, its mark and its source."""
    found = [
        (key.partition(".")[2], sourced)
        for key, sourced in policy.sources.items()
        if any(key == rule or key.startswith(f"{rule}.") for rule in measure.rules)
    ]
    return [
        (
            PARAMETERS.get(name, name.replace("_", " ").capitalize()),
            words_of_value(sourced.value),
            sourced.mark,
            _source(policy, sourced),
        )
        for name, sourced in found
    ]


def words_of_value(value: object) -> str:
    """What the policy sets, in the reader's language: a number, words one after another, or what each of several is."""
    if isinstance(value, dict):
        return ", ".join(f"{in_language(str(key))}: {in_language(str(one))}" for key, one in value.items())
    return ", ".join(in_language(str(one)) for one in value) if isinstance(value, list) else str(value)


def _source(policy: Policy, sourced: Sourced) -> str:
    if not sourced.since:
        return sourced.source
    return said(
        "{source}. Version {version} does not say: taken from {since}", source=sourced.source, version=policy.version, since=sourced.since
    )


@whoever_as_file(blueprint, "/measures/<name>")
@allow(Action.SEE_MEASURES)
def export(kind: str, name: str, **named: str) -> Response:
    """The rows of the page as a file."""
    measure = known(name)
    of = asked(Action.SEE_MEASURES, named, name)
    with of.seen.reading() as conn:
        found = lines(conn, of, measure)
    return download(figure_files.of_measure(of, measure, found), kind, measure.name)


@whoever_as_file(blueprint, "/measures")
@allow(Action.SEE_MEASURES)
def export_all(kind: str, **named: str) -> Response:
    """Every measure of somebody as a file."""
    of = asked(Action.SEE_MEASURES, named)
    with of.seen.reading() as conn:
        found = every(conn, of)
    return download(figure_files.of_all(of, found), kind, "measures")
