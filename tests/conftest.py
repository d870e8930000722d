"""What tests stand on: an embedded PostgreSQL for the run, a fresh migrated database a test, and a small cast of people."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from psycopg.conninfo import make_conninfo

from projections.read_models import ReadSide
from store.database import as_service, migrate
from store.embedded import running
from store.policy import current_policy
from store.record import Record
from tests.scenario import Scenario

# How long an example takes says more about the machine than about the code.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

MASTER = bytes(range(32))
MEMORY = Path("/dev/shm")
os.environ["THROUGHLINE_ALLOW_LOSS"] = "tests"
_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What has to run in one piece comes first: begun last, it would keep the other workers waiting."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


@pytest.fixture(scope="session", autouse=True)
def log_key_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Checkpoints of tests are signed with a key that is gone after the run, never with one of this machine's user."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("THROUGHLINE_LOG_KEY", str(tmp_path_factory.mktemp("keys") / "log.key"))
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A server that is gone after the run and need not survive a crash; one for each worker.

    In memory where there is enough of it: on a disk, making a database takes ten times as long, because ext4 passes over
    each file that was deleted lately when it looks for the place of a new one.
    """
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 8 << 30
    with tempfile.TemporaryDirectory(prefix="throughline-tests-", dir=MEMORY if roomy else None) as home:
        Path(home).chmod(0o711)  # so that the account of a server that root starts can go there
        with running(Path(home), durable=False) as dsn:
            yield dsn


def _template(server: str, name: str, synthetic: bool) -> str:
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f'create database "{name}"'.encode())
    migrate(make_conninfo(server, dbname=name), synthetic=synthetic)
    return name


@pytest.fixture(scope="session")
def real_template(server: str) -> str:
    return _template(server, "template_real", synthetic=False)


@pytest.fixture(scope="session")
def synthetic_template(server: str) -> str:
    return _template(server, "template_synthetic", synthetic=True)


_finished: list[str] = []
"""Databases that no test needs any more."""


def _copy(conn: psycopg.Connection, template: str, name: str) -> None:
    # By copying files, which costs a third of writing each page of them to the log of the server.
    conn.execute(f'create database "{name}" template "{template}" strategy file_copy'.encode())
    # Rights on the database itself are not copied from a template.
    conn.execute(f'grant create on database "{name}" to throughline_service'.encode())


def fresh(server: str, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as conn:
        _copy(conn, template, name)
        yield make_conninfo(server, dbname=name)
        _finished.append(name)
        if len(_finished) == 25:
            # Dropping one makes the server write out everything it holds, so 25 at once cost little more than one.
            while _finished:
                conn.execute(f'drop database "{_finished.pop()}" with (force)'.encode())


def _prepared(server: str, name: str, synthetic: bool) -> str:
    """A template with its read models made: making them for each test of a page took a fifth of the run."""
    _template(server, name, synthetic=synthetic)
    record = Record(as_service(make_conninfo(server, dbname=name)), MASTER)
    ReadSide(record, current_policy()).prepare()
    record.close()
    return name


def _told(server: str, template: str, name: str, tell: Callable[[Scenario], object]) -> str:
    """A template in which more has happened than in another."""
    with psycopg.connect(server, autocommit=True) as conn:
        _copy(conn, template, name)
    record = Record(as_service(make_conninfo(server, dbname=name)), MASTER)
    tell(Scenario(record))
    ReadSide(record, current_policy()).catch_up()
    record.close()
    return name


@pytest.fixture(scope="session")
def staffed_template(server: str, prepared_template: str) -> str:
    """With the cast of the scenarios."""
    return _told(server, prepared_template, "template_staffed", Scenario.staff)


@pytest.fixture(scope="session")
def usual_template(server: str, staffed_template: str) -> str:
    """With the usual case too: telling it anew for each test of a page took a tenth of the run."""
    return _told(server, staffed_template, "template_usual", Scenario.case)


@pytest.fixture(scope="module")
def told_template(server: str, staffed_template: str, request: pytest.FixtureRequest) -> str:
    """With what the tests of one module have in common, which its `told_once` tells."""
    return _told(server, staffed_template, f"template_{request.module.__name__}", request.module.told_once)


@pytest.fixture(scope="session")
def prepared_template(server: str) -> str:
    return _prepared(server, "template_prepared", synthetic=False)


@pytest.fixture(scope="session")
def prepared_synthetic_template(server: str) -> str:
    return _prepared(server, "template_prepared_synthetic", synthetic=True)


@pytest.fixture
def database(server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The owner's connection string of a fresh, real, empty record."""
    yield from fresh(server, request.getfixturevalue(_begun_with(request)))


def _begun_with(request: pytest.FixtureRequest) -> str:
    """The template that holds most of what a test is about to tell."""
    if "app" not in request.fixturenames:
        return "real_template"
    if "scenario" not in request.fixturenames:
        return "prepared_template"
    if hasattr(request.module, "told_once"):
        return "told_template"
    return "staffed_template" if hasattr(request.module, "scenario") else "usual_template"


@pytest.fixture
def synthetic_database(server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    template = "prepared_synthetic_template" if "app" in request.fixturenames else "synthetic_template"
    yield from fresh(server, request.getfixturevalue(template))


def _opened(dsn: str) -> Iterator[Record]:
    record = Record(as_service(dsn), MASTER, pool_size=8)
    yield record
    record.close()


@pytest.fixture
def record(database: str) -> Iterator[Record]:
    yield from _opened(database)


@pytest.fixture
def synthetic_record(synthetic_database: str) -> Iterator[Record]:
    yield from _opened(synthetic_database)


@pytest.fixture(scope="session")
def compiled_templates() -> Iterator[FileSystemBytecodeCache]:
    """Each test has an application of its own; compiling its templates anew took two thirds of the run."""
    with tempfile.TemporaryDirectory(prefix="throughline-templates-") as folder:
        yield FileSystemBytecodeCache(folder)


@pytest.fixture(scope="session")
def applications(compiled_templates: FileSystemBytecodeCache) -> Callable[[Record], Flask]:
    """The web application over a record. It is made once a run and given each test's record: making it takes longer than most tests."""
    from web import create_app
    from web.service import Service

    made: list[Flask] = []

    def over(record: Record) -> Flask:
        if not made:
            made.append(create_app(record, current_policy()))
            made[0].jinja_env.bytecode_cache = compiled_templates
        (app,) = made
        app.config.update(DEMO_PEOPLE=True, TESTING=False)
        app.extensions["throughline"] = Service(record, ReadSide(record, current_policy()), current_policy())
        read_side = app.extensions["throughline"].read_side
        read_side.prepare()
        read_side.catch_up()
        return app

    return over


@pytest.fixture
def app(record: Record, applications: Callable[[Record], Flask]) -> Flask:
    """The web application over a fresh record with its read models made."""
    return applications(record)


class Browser:
    """A person's browser without the browser: keeps cookies and the form token, and reads pages."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self._token = ""

    def token(self) -> str:
        """The token of the forms of whoever is signed in, made once as pages make it: asking a page took a sixth of the run."""
        if not self._token:
            from web.shell import masked_token

            with self.client.session_transaction() as kept, self.client.application.test_request_context():
                session.update(kept)
                self._token = masked_token()
                kept.update(session)
        return self._token

    def sign_in(self, staff: str) -> "Browser":
        answer = self.client.post("/sign-in", data={"csrf_token": self.token(), "staff": staff})
        self._token = ""
        assert answer.status_code == 303, answer.text
        return self

    def get(self, address: str, **kwargs: object):
        return self.client.get(address, **kwargs)

    def post(self, address: str, data: dict[str, object] | None = None, **kwargs: object):
        return self.client.post(address, data={"csrf_token": self.token(), **(data or {})}, **kwargs)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)
