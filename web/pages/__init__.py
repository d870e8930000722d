"""One file a concept of the service: its addresses, its forms, and the questions its pages ask."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """The blueprint of every file in this folder, in the order of their names."""
    return [import_module(f"{__name__}.{module.name}").blueprint for module in iter_modules(__path__)]
