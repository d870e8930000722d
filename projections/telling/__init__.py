"""How each entry of a case's history is told, one file a concept; every event of a case must be told here."""

from importlib import import_module
from pkgutil import iter_modules

from projections.telling.words import Names, Told, moment, told

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["Names", "Told", "moment", "told"]
