"""A form that was sent after sign-in had run out: it goes through the sign-in page and comes back, and is nowhere else kept."""

from collections.abc import Sequence

from flask import Request, session

BEFORE = "kept:"
"""Stands before the name of each field while it is on the sign-in page."""
_OF_THE_REQUEST = frozenset({"csrf_token"})
_WHO = "staff"
_SHOWN_FROM = 20
"""Characters from which a text is shown again; what is shorter is mostly a choice or a number."""

Fields = Sequence[tuple[str, str]]


def belongs_to(staff: str) -> None:
    """Remember in the form cookie, which outlasts a sign-in, who is signed in: whoever comes next is not given their form."""
    session[_WHO] = staff


def is_of(staff: str) -> bool:
    return session.get(_WHO) == staff


def sent(request: Request) -> Fields:
    """The fields of a form that nobody was signed in for."""
    every = request.form.items(multi=True)
    return [(BEFORE + name, value) for name, value in every if name not in _OF_THE_REQUEST and not name.startswith(BEFORE)]


def brought_back(request: Request) -> Fields:
    """The same fields under their own names, as the sign-in page sent them on."""
    every = request.form.items(multi=True)
    return [(name.removeprefix(BEFORE), value) for name, value in every if name.startswith(BEFORE)]


def to_read(fields: Fields) -> list[str]:
    """The texts among them, for the person to see that they are there, the longest first."""
    return sorted((value for name, value in fields if len(value) >= _SHOWN_FROM and not name.endswith("_id")), key=len, reverse=True)
