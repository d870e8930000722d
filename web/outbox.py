"""Where reminders go out: by hand, unless this deployment names a carrier. Nothing leaves the machine until somebody says so."""

import os
from collections.abc import Callable
from pkgutil import resolve_name

import msgspec

SETTING = "THROUGHLINE_CARRIER"
"""Names the carrier as `module:function`."""


class Message(msgspec.Struct, frozen=True):
    """What a carrier is given: for whom, which way, and the words in both forms. It finds the number or the address by the CRN."""

    crn: str
    sent_by: str
    code: str
    text: str
    pdf: bytes


class NotSent(Exception):
    """Raised by a carrier that could not send, in words for whoever pressed the button. The reminder stays a draft."""


Carrier = Callable[[Message], None]


def by_hand(message: Message) -> None:
    """Somebody prints the letter or types the text, and says so: the service sends nothing."""


def carrier() -> Carrier:
    """The carrier that this deployment named. Raises ImportError, AttributeError or ValueError when there is no such thing."""
    name = os.environ.get(SETTING)
    found: Carrier = resolve_name(name) if name else by_hand
    return found
