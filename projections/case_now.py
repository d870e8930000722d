"""A case behind a figure, and with whom it is now: a page may name only what its reader may open."""

import msgspec


class CaseNow(msgspec.Struct, frozen=True):
    """What a page needs to know before it names a case. `offered_to_team` is the team that a requested transfer would move it to."""

    crn: str
    name: str
    practitioner: str
    team: str
    provider: str
    offered_to_team: str


COLUMNS = ", ".join(f"c.{field}" for field in CaseNow.__struct_fields__)
"""The same of a row `c` of the caseload."""
