"""Bringing a source's history in: CSV by a mapping file, or the activity logs of NDelius-facing services.

This is the door: what the command line and the tests need stands here, and the mapping files that are shipped beside it.
"""

from store.imports.delius import import_delius
from store.imports.delius_items import DeliusOptions, read_delius_options
from store.imports.from_csv import import_csv
from store.imports.mapping import ImportProblem, Mapping, read_mapping, shipped_mappings
from store.imports.report import ImportReport, RefusedRow

__all__ = [
    "DeliusOptions",
    "ImportProblem",
    "ImportReport",
    "Mapping",
    "RefusedRow",
    "import_csv",
    "import_delius",
    "read_delius_options",
    "read_mapping",
    "shipped_mappings",
]
