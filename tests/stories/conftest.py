"""What a story is told to: a synthetic record with the story's clock, the application over it, and the teller."""

from collections.abc import Iterator

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from store.database import as_service
from store.policy import current_policy
from tests.conftest import MASTER
from tests.stories.teller import Teller, ToldRecord
from web import create_app


@pytest.fixture
def record(synthetic_database: str) -> Iterator[ToldRecord]:
    record = ToldRecord(as_service(synthetic_database), MASTER, pool_size=4)
    yield record
    record.close()


@pytest.fixture
def app(record: ToldRecord, compiled_templates: FileSystemBytecodeCache) -> Flask:
    app = create_app(record, current_policy())
    app.config.update(DEMO_PEOPLE=True, TESTING=False)
    app.jinja_env.bytecode_cache = compiled_templates
    app.extensions["throughline"].read_side.prepare()
    return app


@pytest.fixture
def tell(record: ToldRecord, app: Flask) -> Teller:
    return Teller(record, app)
