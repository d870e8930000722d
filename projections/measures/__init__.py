"""The measures, each in one file; a new file is a new measure, with its rows, its pages, its exports and its form as known on a day."""

from importlib import import_module
from pkgutil import iter_modules

from projections.measure import THEMES, Measure


def _measures() -> dict[str, Measure]:
    """Every `MEASURES` of the files beside this one, by theme and title."""
    found = [measure for file in iter_modules(__path__) for measure in import_module(f"{__name__}.{file.name}").MEASURES]
    found.sort(key=lambda measure: (THEMES.index(measure.theme), measure.title))
    return {measure.name: measure for measure in found}


MEASURES = _measures()
