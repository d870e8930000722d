"""A register as a mapping or a source writes it: its code, and for MAPPA its level and category too."""

import msgspec

from domain.register import MAPPA, REGISTERS, MappaCategory, MappaLevel


class OnRegister(msgspec.Struct, frozen=True, array_like=True):
    register: str
    level: MappaLevel | None = None
    category: MappaCategory | None = None


def on_register(text: str) -> OnRegister:
    """ "RCPR", or for MAPPA with its level and category "MAPP/2/1". Raises ValueError."""
    code, *rest = text.split("/")
    if code not in REGISTERS:
        raise ValueError(f"The register “{text[:40]}” is not one of ours, and the mapping does not say which it is.")
    if code != MAPPA and not rest:
        return OnRegister(code)
    try:
        level, category = rest
        if code == MAPPA:
            return OnRegister(code, MappaLevel(f"level {level}"), MappaCategory(f"category {category}"))
    except ValueError:
        pass
    raise ValueError(f"The register “{text[:40]}”: write MAPPA as MAPP/level/category, such as MAPP/2/1, and any other as its code alone.")
