"""Several cases and who takes each, as one page shows it and sends it back."""

from typing import NamedTuple

from projections import caseload, organisations
from projections.caseload import CaseRow
from web.forms import Form
from web.service import hidden, reading


class Share(NamedTuple):
    """One case and who takes it."""

    crn: str
    taker: str

    @property
    def value(self) -> str:
        return f"{self.crn}:{self.taker}"


def shares_of(form: Form, team: str, *, taken_in: bool = False) -> list[tuple[Share, CaseRow]]:
    """The pairs that were sent, with their cases; none if any is of another team or given to somebody who does not work in it.
    `taken_in` allows cases that no team has had yet."""
    pairs = [Share(*value.partition(":")[::2]) for value in form.every("share")]
    with reading() as conn:
        ours = {row.code for row in organisations.of_team(conn, team)}
        found = [(pair, caseload.case(conn, pair.crn)) for pair in pairs]
    teams, out = {team, ""} if taken_in else {team}, hidden()
    right = [(p, case) for p, case in found if case is not None and case.team in teams and case.stream_id not in out and p.taker in ours]
    return right if len(right) == len(pairs) else []
