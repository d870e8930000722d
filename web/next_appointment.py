"""The next appointment, offered beside a contact: on the day that the planned pattern asks for, like the last one, with one tick."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from domain.access import Role
from domain.appointment import arrange_appointment
from domain.case import Case
from domain.contact import KINDS, Mode
from domain.event import Event, Refused
from domain.working_days import local_day
from projections.plans import Pattern, patterns
from projections.story import Diarised, Story
from store.record import Step, step
from web.forms import Form
from web.language import gettext, in_language
from web.quick_dates import in_days, last_kept
from web.service import me, now, this_case
from web.words import clock

PLANNED = {
    Mode.OFFICE: "COAP",
    Mode.HOME: "CHVS",
    Mode.TELEPHONE: "COPT",
    Mode.VIDEO: "COVC",
    Mode.DOORSTEP: "CODC",
    Mode.PRISON: "CPVS",
}
"""The kind of appointment that keeps to a pattern of each mode."""
_OFFERED = (*PLANNED.values(), "COAI", "C084")
_FIELDS = {"starts_at": "next_at", "kind": "next_kind", "minutes": "next_minutes"}


def kinds_offered() -> list[tuple[str, str]]:
    return [(code, in_language(KINDS[code].label)) for code in _OFFERED]


def coming(story: Story) -> Diarised | None:
    """The next appointment that is arranged already."""
    ahead = (kept for kept in story.diary if kept.starts_at > now() and not kept.cancelled and not kept.outcome)
    return min(ahead, key=lambda kept: kept.starts_at, default=None)


def pattern(story: Story) -> Pattern | None:
    """The pattern of contact that holds today."""
    holding = [planned for planned in patterns(story) if planned.from_on <= local_day(now())]
    return holding[-1] if holding else None


def likely(story: Story) -> dict[str, Any]:
    """What the fields begin with: the day and way that the pattern plans, and the hour, length and place of the last appointment."""
    planned, last = pattern(story), last_kept(story)
    found: dict[str, Any] = {"next_kind": "COAP", "next_minutes": "30"}
    if last:
        arranged = last.arranged
        found |= {"next_at-time": clock(last.starts_at), "next_minutes": str(arranged.minutes or ""), "next_place": arranged.place}
        found |= {"next_kind": arranged.kind} if arranged.kind in _OFFERED else {}
    if planned:
        found |= {"next_at": in_days(planned.every_days, last), "next_kind": PLANNED.get(planned.mode, found["next_kind"])}
    return found


def read(form: Form) -> Step | None:
    """The command that arranges it; None when it is not asked for, or is not clear yet, with messages in the form."""
    if not form.raw("next"):
        return None
    starts_at = form.moment("next_at", gettext("the next appointment"), ahead=True)
    kind = form.one_of("next_kind", _OFFERED, gettext("Select the kind of appointment"))
    minutes = form.whole("next_minutes", gettext("Minutes"), 1, 1440, optional=True)
    place = form.text("next_place", longest=200)
    if not form.ok or starts_at is None:
        return None
    officer = me().code if me().role is Role.OFFICER else this_case().practitioner or me().code
    arranged = step(
        Case,
        this_case().stream_id,
        arrange_appointment,
        now=now(),
        by=me().code,
        starts_at=starts_at,
        practitioner=officer,
        kind=kind,
        minutes=minutes,
        place=place,
    )
    return replace(arranged, decide=_beside_its_fields(arranged))


def _beside_its_fields(arranged: Step) -> Any:
    """The same decision; what a rule refuses stands beside the fields of the next appointment, not of the contact."""

    def decide(case: Case) -> Sequence[Event]:
        try:
            return arranged.decide(case)
        except Refused as refusal:
            raise Refused(refusal.message, _FIELDS.get(refusal.field, "next_at")) from None

    return decide
