"""One case as known on a past day: its pages then speak of the end of that day, from the entries recorded by then."""

import msgspec
from flask import abort, g, request

from projections import caseload_row
from projections.caseload import CaseRow
from projections.replay import end_of
from web.forms import Form
from web.past import day_known
from web.service import service, story, this_case


def look_back() -> None:
    """Read `as_known`; nothing if no day is asked for. 422 for what is no past day, 404 if the case was not known then.

    Whoever asks has been let in to the case as it is now.
    """
    g.looks_back = form = Form(request.args)
    day = day_known(form)
    if not form.ok:
        abort(422, form.errors["as_known"])
    if day is None:
        return
    stream = this_case().stream_id
    at = end_of(day)
    g.up_to = service().record.position_at(at)
    g.known_day, g.now = day, at
    told = story(stream)
    row = next(iter(caseload_row.rows(told, service().policy)))
    g.case = msgspec.convert(dict(zip(caseload_row.COLUMNS, (stream, *row), strict=True)), CaseRow)
