"""What a court or a licence requires, as forms offer it: kinds with an amount in the unit of each."""

from collections.abc import Iterable
from typing import NamedTuple

from domain.remembered import Phase
from domain.requirement import NATURES, RequirementKind, Requirements, Unit
from domain.words import begun, said, within
from web.forms import Form
from web.language import gettext, in_language

UNITS = {Unit.HOUR: said("hours"), Unit.DAY: said("days"), Unit.MONTH: said("months")}
MOST = 9_999
"""No amount that a court orders comes near to this; a longer number is a slip of the finger."""


class Choice(NamedTuple):
    """One kind as a box to tick, with no hint beside it. `field` is that of its amount."""

    value: str
    text: str
    hint: str
    field: str
    unit: str


def choices(*phases: Phase) -> list[Choice]:
    """The kinds that may stand in one of these phases."""
    return [Choice(kind.value, begun(in_language(kind)), "", _field(kind), UNITS[NATURES[kind].unit]) for kind in _kinds(phases)]


def _kinds(phases: Iterable[Phase]) -> list[RequirementKind]:
    order, licence = Phase.COMMUNITY in phases, any(phase is not Phase.COMMUNITY for phase in phases)
    found = [kind for kind, nature in NATURES.items() if (order and nature.of_order) or (licence and nature.of_licence)]
    return sorted(found, key=lambda kind: kind is RequirementKind.OTHER)


def _field(kind: RequirementKind) -> str:
    return f"amount-{kind.name.lower().replace('_', '-')}"


def read(form: Form, offered: list[Choice]) -> Requirements:
    """The kinds ticked, each with its amount, 0 where none was typed."""
    ticked = form.several("requirements", [choice.value for choice in offered], gettext("Select from the list"))
    by_value = {choice.value: choice for choice in offered}
    return tuple((RequirementKind(value), amount(form, by_value[value])) for value in ticked)


def amount(form: Form, choice: Choice) -> int:
    return (
        form.whole(
            choice.field,
            gettext("%(unit)s of %(kind)s", unit=begun(in_language(choice.unit)), kind=within(choice.text)),
            0,
            MOST,
            optional=True,
        )
        or 0
    )
