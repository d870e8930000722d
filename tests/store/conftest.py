"""Two ways into the tests' database: with the rights that the service has, and with its owner's."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from store.database import as_service


@pytest.fixture
def conn(database: str) -> Iterator[psycopg.Connection[Any]]:
    """With the rights that the service has."""
    with psycopg.connect(as_service(database), autocommit=True) as made:
        yield made


@pytest.fixture
def owner(database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database, autocommit=True) as made:
        yield made
