"""A process that records one contact after another in one case, as officers do, and sees each of them on its page at once."""

import os
import select
import sys
from datetime import datetime, timedelta

from domain import contact
from domain.case import case_id
from domain.contact import Purpose, Work
from projections.read_models import ReadSide
from store.database import as_service
from store.policy import current_policy
from store.record import Record
from tests.conftest import MASTER
from tests.scenario import Scenario

PACE = timedelta(minutes=1)
"""Each contact happened so much later than the one before, so that a row tells how many it knows."""


def main(crn: str, since: datetime) -> None:
    """Until standard input ends; then says how many contacts there are."""
    record = Record(as_service(os.environ["DATABASE_URL"]), MASTER, pool_size=2)
    told, read_side, count = Scenario(record), ReadSide(record, current_policy()), 0
    while not select.select([sys.stdin], [], [], 0.1)[0]:
        count += 1
        at = since + count * PACE
        told.do(crn, contact.record_contact, occurred_at=at, practitioner="SIAN", kind="COUP", work=Work(purposes=(Purpose.NEEDS,)))
        read_side.fold([case_id(crn)])
        with read_side.reading() as conn:
            row = conn.execute("select last_contact_at from caseload where crn = %s", (crn,)).fetchone()
        if row != (at,):
            raise AssertionError(f"contact {count} of {crn} is not on its page, which says {row}")
    print(count)
    record.close()


if __name__ == "__main__":
    main(sys.argv[1], datetime.fromisoformat(sys.argv[2]))
