"""How an appointment went: logged in the list where it stands or on a page, what follows a failure decided in the same place."""

from typing import Any

from flask import Blueprint, flash, request, url_for
from werkzeug.wrappers import Response

from domain.access import Action, Role
from domain.appointment import record_outcome
from domain.contact import Purpose
from domain.enforcement import ACTIONS, take_enforcement_action
from domain.entry import withdraw_entry
from domain.evidence import in_window
from domain.ladder import Finding, Step, next_leads_to
from domain.outcome import OUTCOMES, USUAL
from domain.working_days import local_day
from projections.cover import covers
from projections.diary import row_of
from projections.story import Diarised, Story
from projections.timeline import Entry, aims
from web.complying import TO_ANSWER, enforced_here
from web.forms import Form, options
from web.gate import HOMES, allow
from web.history import entries
from web.htmx import go_to, page, see_other, wants_fragment
from web.language import gettext
from web.pages.appointment import find, give, settled, staff_of
from web.pages.contact import case_address, privacies, read_note, read_privacy, read_work, told_so_far
from web.pages.my_day import to_log
from web.service import me, names, now, service, this_case
from web.service import story as whole_story

blueprint = Blueprint("outcome", __name__)

FOLLOWS = {
    Step.WARN: ("EA02", "WLS", "NFA"),
    Step.REFER: ("WLS", "NFA"),
    Step.FOLLOW_UP: ("LCL", "WLS", "NFA"),
    Step.DECIDE: ("WLS", "EA12"),
}
"""The enforcement actions offered in the list, by the step that a failure leads to; every other one is on the page for it."""


def _ask(story: Story, kept: Diarised, form: Form, status: int = 200) -> Response:
    """The form in the list for htmx, or as a page; the failures of the last 12 months stand where the decision is made."""
    enforced = enforced_here(story)
    shown: dict[str, Any] = {
        "form": form,
        "case": this_case(),
        "row": row_of(this_case(), kept),
        "now": now(),
        "failures": in_window(enforced.failures, local_day(now()), service().policy),
        "leads_to": next_leads_to(enforced, kept.starts_at, service().policy),
        "purposes": options(Purpose),
        "usual": [OUTCOMES[code] for code in USUAL],
        "theirs": _of_somebody_else(kept) if form.errors else None,
    }
    if wants_fragment():
        return page("appointment/row.html", "row", status=status, **shown)
    rest = [outcome for code, outcome in OUTCOMES.items() if code not in USUAL]
    staff = staff_of(kept.arranged.practitioner, me().code)
    shown |= {"rest": rest, "aims": aims(story), "staff": staff, "privacies": privacies()}
    return page("appointment/outcome.html", status=status, back=case_address(), **shown)


def _of_somebody_else(kept: Diarised) -> Entry | None:
    """The outcome that is there already, with its text, for somebody who was about to log one."""
    if kept.outcome is None:
        return None
    return entries(whole_story(this_case().stream_id), service().policy, names())[kept.outcome_number - 1]


def _row(kept: Diarised, **shown: Any) -> Response:
    """The appointment in the list as it now stands, with how many outcomes are left to log."""
    left = len(to_log()) if me().role is Role.OFFICER else None
    return page("appointment/row.html", "row", row=row_of(this_case(), kept), now=now(), left=left, **shown)


def _settled(kept: Diarised) -> Response:
    return _row(kept) if wants_fragment() else settled(kept)


def _stood_in(story: Story, kept: Diarised) -> bool:
    """Whether I covered the case when the appointment was: then it was kept by me, unless I say otherwise."""
    return any(cover.practitioner == me().code and cover.holds_at(kept.starts_at) for cover in covers(story))


@blueprint.get("/cases/<crn>/appointments/<int:number>/outcome")
@allow(Action.WRITE_CASE)
def ask(crn: str, number: int) -> Response:
    story = told_so_far()
    kept = find(story, number)
    if kept.outcome or kept.cancelled or kept.starts_at > now():
        return _settled(kept)
    arranged = kept.arranged
    likely = Form(
        minutes=str(arranged.minutes or ""),
        practitioner=me().code if _stood_in(story, kept) else arranged.practitioner,
        requirements=[str(n) for n in arranged.requirements],
    )
    return _ask(story, kept, likely)


@blueprint.post("/cases/<crn>/appointments/<int:number>/outcome")
@allow(Action.WRITE_CASE)
def log(crn: str, number: int) -> Response:
    """Log the outcome. Minutes are kept only of somebody who came: the planned length is filled in before anyone knows."""
    story, form = told_so_far(), Form(request.form)
    kept = find(story, number)
    code = form.one_of("outcome", OUTCOMES, gettext("Select the outcome"))
    minutes = form.whole("minutes", gettext("Minutes"), 1, 1440, optional=True)
    staff = dict(staff_of(kept.arranged.practitioner, me().code))
    worker = form.one_of("practitioner", staff, gettext("Select who saw the person"), optional=True)
    privacy = read_privacy(form)
    details = {"work": read_work(form, aims(story)), "note": read_note(form), "sensitive": bool(form.raw("sensitive"))}
    if form.ok:
        came = OUTCOMES[code].attended is not False
        details |= {"outcome": code, "practitioner": worker, "minutes": minutes if came else None, "privacy": privacy}
        if give(form, "outcome", record_outcome, appointment=number, **details):
            return _logged(number)
    # Read again: somebody else may have been first since this request began.
    told = told_so_far()
    return _ask(told, find(told, number), form, 422)


def _logged(number: int) -> Response:
    """In the list the row says what was saved, and asks what follows a failure; without htmx the next page does."""
    story = told_so_far()
    kept = find(story, number)
    finding = _to_answer(story, kept)
    if wants_fragment():
        return _ask_what_follows(story, kept, finding, None) if finding else _row(kept, undo=kept.outcome_number)
    flash(gettext("Outcome logged"))
    if finding and finding.step in TO_ANSWER:
        return see_other("compliance.act", crn=this_case().crn, failure=kept.outcome_number)
    return go_to(url_for(HOMES[Role.OFFICER]) if me().role is Role.OFFICER else case_address())


# ---- What follows a failure ------------------------------------------------------------------------------------------


def _to_answer(story: Story, kept: Diarised) -> Finding | None:
    """What the rules lead to after this appointment, if it was a failure that nothing was done about yet."""
    found = (f for f in enforced_here(story).findings if f.step in FOLLOWS and f.about[0] == kept.outcome_number)
    return next(found, None) if kept.outcome_number else None


def _ask_what_follows(story: Story, kept: Diarised, finding: Finding, form: Form | None) -> Response:
    failures = in_window(enforced_here(story).failures, local_day(now()), service().policy)
    return _row(
        kept,
        undo=kept.outcome_number,
        finding=finding,
        failures=[failure for failure in failures if failure.number != kept.outcome_number],
        follows=[ACTIONS[code] for code in FOLLOWS[finding.step]],
        answer=form or Form(),
        status=422 if form else 200,
    )


@blueprint.post("/cases/<crn>/appointments/<int:number>/follows")
@allow(Action.WRITE_CASE)
def follows(crn: str, number: int) -> Response:
    """Record what was done about the failure just logged; what was done already is shown, not done twice."""
    story, form = told_so_far(), Form(request.form)
    kept = find(story, number)
    code = form.one_of("action", ACTIONS, gettext("Select what was done"))
    reason = form.text("reason", longest=2000)
    about = (form.whole("failure", gettext("The failure"), 1, 10**9) or 0,)
    if form.ok and give(form, "reason", take_enforcement_action, policy=service().policy, action=code, failures=about, reason=reason):
        if wants_fragment():
            return _row(find(told_so_far(), number), done=ACTIONS[code].description)
        flash(gettext("Enforcement action recorded"))
        return see_other("compliance.index", crn=crn)
    finding = _to_answer(story, kept)
    if wants_fragment() and finding:
        return _ask_what_follows(story, kept, finding, form)
    return see_other("compliance.act", crn=crn, failure=about[0])


# ---- Undo ------------------------------------------------------------------------------------------------------------


@blueprint.post("/cases/<crn>/appointments/<int:number>/undo")
@allow(Action.WRITE_CASE)
def undo(crn: str, number: int) -> Response:
    """Take back what was logged a moment ago: the entry is withdrawn, which the history shows, and the appointment waits again."""
    form = Form(request.form)
    entry = form.whole("entry", gettext("The entry"), 1, 10**9)
    kept = find(told_so_far(), number)
    undone = gettext("Undone at once, where it was logged.")
    if entry is not None and entry == kept.outcome_number and give(form, "entry", withdraw_entry, entry=entry, reason=undone):
        kept = find(told_so_far(), number)
    if wants_fragment():
        return _row(kept, waits=kept.outcome is None)
    return go_to(url_for(HOMES[Role.OFFICER]) if me().role is Role.OFFICER else case_address())
