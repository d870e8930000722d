"""What a story is told to: a synthetic record with the story's clock, the application over it, and the teller."""

from collections.abc import Iterator

import pytest
from flask import Flask

from store.database import as_service
from tests.conftest import MASTER
from tests.stories.teller import Teller, ToldRecord


@pytest.fixture
def record(synthetic_database: str) -> Iterator[ToldRecord]:
    record = ToldRecord(as_service(synthetic_database), MASTER, pool_size=4)
    yield record
    record.close()


@pytest.fixture
def tell(record: ToldRecord, app: Flask) -> Teller:
    return Teller(record, app)
