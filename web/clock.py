"""What time it is for a request: one instant, from the database's clock, for everything that the answer says."""

from datetime import datetime
from typing import cast

from flask import current_app, g


def now() -> datetime:
    """The database's time, one for the whole request."""
    if "now" not in g:
        g.now = current_app.extensions["throughline"].record.clock()
    return cast(datetime, g.now)
