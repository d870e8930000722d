"""Files for spreadsheets: CSV that opens with its letters right and in which no text is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response


def spreadsheet(lines: Iterable[Sequence[str]], name: str) -> Response:
    """The lines as a CSV file to keep; the first one is the heading."""
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in line] for line in lines)
    # The mark at the start makes spreadsheets read the file as UTF-8.
    answer = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def harmless(cell: str) -> str:
    """A spreadsheet takes text that begins like a formula for one; an apostrophe before it makes it text."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
