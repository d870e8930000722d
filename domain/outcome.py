"""How an appointment went: NDelius's outcome codes with their four flags, and whether anything was delivered.

Codes, descriptions and flags are NDelius reference data [V: hmpps-manage-supervisions appointment types, community-payback
outcome flags, manage-people-on-probation code map]. `None` is a flag that the source leaves empty. *Attended* and *acceptable* are
independent, and neither says that supervision was delivered: sent home for service reasons is attended and acceptable, and
nothing happened. `delivered` and `lost_by` are ours and say just that.
"""

from typing import Literal

import msgspec

from domain.words import said


class Outcome(msgspec.Struct, frozen=True):
    code: str
    description: str
    attended: bool | None
    acceptable: bool | None
    action_required: bool | None
    enforceable: bool | None
    delivered: bool | None = None
    lost_by: Literal["", "provider", "person"] = ""


COMPLIED = "ATTC"
"""Came and complied: what most outcomes are, and what a sheet begins with."""


def _rows() -> tuple[Outcome, ...]:
    y, n, u = True, False, None
    return (
        Outcome(COMPLIED, said("Attended – complied"), y, y, n, n, y),
        Outcome("AFTC", said("Attended – failed to comply"), y, n, y, y, y),
        Outcome("ATSH", said("Attended – sent home (behaviour)"), y, n, y, y, n, "person"),
        Outcome("ATSS", said("Attended – sent home (service issues)"), y, y, n, n, n, "provider"),
        Outcome("ATFI", said("Failed to comply with other instruction"), u, n, y, y),
        Outcome("ATCH", said("Attended – concurrent hours (unpaid work)"), y, u, u, n, y),
        Outcome("AFDA", said("Attended – failure to comply deemed acceptable"), y, u, u, n, y),
        Outcome("AFTA", said("Failed to attend (reason not yet decided)"), n, n, y, y, n, "person"),
        Outcome("UAAB", said("Unacceptable absence"), n, n, y, y, n, "person"),
        Outcome("AAAA", said("Acceptable absence – other"), n, y, n, n, n),
        Outcome("AACL", said("Acceptable absence – court or legal"), n, y, n, n, n),
        Outcome("AAEM", said("Acceptable absence – employment"), n, y, n, n, n),
        Outcome("AAFC", said("Acceptable absence – family or childcare"), n, y, n, n, n),
        Outcome("AAHO", said("Acceptable absence – holiday"), n, y, n, n, n),
        Outcome("AAME", said("Acceptable absence – medical"), n, y, n, n, n),
        Outcome("AARC", said("Acceptable absence – remanded in custody"), n, y, n, n, n),
        Outcome("AARE", said("Acceptable absence – religious"), n, y, n, n, n),
        Outcome("AASD", said("Acceptable absence – stood down (unpaid work)"), n, y, n, n, n, "provider"),
        Outcome("CO05", said("Acceptable absence – professional judgement decision"), n, y, n, n, n),
        Outcome("CO10", said("Acceptable failure – none in following 12 months"), u, y, n, n),
        Outcome("CO22", said("No action required"), u, u, u, u),
        Outcome("CO24", said("Not recorded – migrated contact"), n, y, n, n),
        Outcome("CO38", said("Warrant outstanding"), u, u, u, u, n),
        Outcome("CO39", said("Youth offending team breach – not enforceable"), n, y, n, n, n),
        Outcome("CO40", said("Suspended"), n, y, n, n, n),
        Outcome("RSOF", said("Rescheduled – at the person's request"), n, y, n, n, n),
        Outcome("RSSR", said("Rescheduled – at the service's request"), n, y, n, n, n, "provider"),
        Outcome("AAM11", said("Acceptable – critical communications, no breach (alcohol monitoring)"), u, u, u, u),
    )


OUTCOMES: dict[str, Outcome] = {row.code: row for row in _rows()}

USUAL = (COMPLIED, "AFTC", "UAAB", "AFTA", "AAME", "AAEM", "AAFC", "AAAA", "ATSS", "ATSH", "RSOF", "RSSR")
"""The outcomes an officer is offered first; the rest stand below them."""
