"""The first start of a release whose tables are new: until their rows are made, pages say how far it has come."""

from flask import Flask
from psycopg.errors import UndefinedTable
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response

from domain.words import said
from web.language import gettext
from web.service import service
from web.shell import Problem, problem_page
from web.words import lasting, percent

LOOK_AGAIN_SECONDS = 10


def install(app: Flask) -> None:
    """Have pages that find no tables say so, rather than that something went wrong."""
    app.register_error_handler(UndefinedTable, no_tables)


def no_tables(error: UndefinedTable) -> Response:
    """The answer when the release before this one still has its rows and this one has none yet."""
    if service().read_side.is_ready():
        raise error
    answer = problem_page(
        Problem(said("The service is being prepared"), (_how_far(), said("Nothing was saved. Load this page again then."))), 503
    )
    answer.headers["Retry-After"] = str(LOOK_AGAIN_SECONDS)
    return answer


def _how_far() -> str:
    underway = service().read_side.underway()
    if underway is None or underway.seconds_left is None:
        return said("The pages of a new release are being put together from the record. It has only begun.")
    return gettext(
        "The pages of a new release are being put together from the record: %(share)s done, %(time)s left.",
        share=percent(underway.share, 0),
        time=lasting(underway.seconds_left),
    )


def must_be_ready() -> None:
    """Raises ServiceUnavailable as long as there are no rows to show pages from."""
    if not service().read_side.is_ready():
        raise ServiceUnavailable
