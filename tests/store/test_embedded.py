"""The embedded database starts anywhere, keeps what it was given, lets nobody else in, and leaves nothing running."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from store import embedded
from store.embedded import EmbeddedError, running

ROOT = Path(embedded.__file__).parents[1]
PATHS = os.pathsep.join([str(ROOT), *(p for p in sys.path if p.endswith("site-packages"))])

OWNER = """
import sys, threading
from pathlib import Path
from store.embedded import exit_on_sigterm, running

def own():
    with running(Path(sys.argv[1]), durable=False) as address:
        print(address, flush=True)
        sys.stdin.read()

exit_on_sigterm()
if sys.argv[2] == "thread":  # a server that is not tied to our life, as on macOS
    thread = threading.Thread(target=own)
    thread.start()
    thread.join()
else:
    own()
"""

FORKING = """
import os, sys
from pathlib import Path
import psycopg
from store.embedded import running

with running(Path(sys.argv[1]), durable=False) as address:
    if not (worker := os.fork()):
        sys.exit(0)
    os.waitpid(worker, 0)
    print(psycopg.connect(address).execute("select 'still here'").fetchone()[0])
"""


@contextmanager
def temporary_home() -> Iterator[Path]:
    # Not tmp_path, which lies in a folder closed to the server's account when the tests run as root.
    parent = Path(tempfile.mkdtemp(prefix="throughline-test-", dir="/tmp"))
    parent.chmod(0o711)
    yield parent / "home"
    shutil.rmtree(parent)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that does not exist yet."""
    with temporary_home() as home:
        yield home


@pytest.fixture(scope="module")
def used_home() -> Iterator[Path]:
    """A home with a database that earlier tests may have used: to make one takes a second or two."""
    with temporary_home() as home:
        with running(home, durable=False):
            pass
        yield home


@contextmanager
def another_owner(home: Path, how: str = "main") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that runs the database until it is killed or its input ends."""
    command = [sys.executable, "-c", OWNER, str(home), how]
    environment = os.environ | {"PYTHONPATH": PATHS}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/", env=environment) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def value(address: str, query: str) -> object:
    with psycopg.connect(address) as connection:
        row = connection.execute(query).fetchone()
    assert row
    return row[0]


def server_of(address: str) -> tuple[int, Path]:
    pid, folder = str(value(address, "select pg_read_file('postmaster.pid')")).splitlines()[:2]
    return int(pid), Path(folder)


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return met


def test_a_new_home_gets_a_database_with_the_promised_settings(home: Path) -> None:
    # Given a folder that does not exist yet, and another server's settings around us
    with pytest.MonkeyPatch.context() as patch, running_with(patch, home, PGPORT="6543", PGDATA="/nowhere") as address:
        # Then the owner is at home in a UTF-8 database with checksums, and nothing durable is switched off
        assert value(address, "select current_user || '@' || current_database()") == "throughline@throughline"
        settings = ("server_encoding", "data_checksums", "fsync", "synchronous_commit", "full_page_writes", "jit")
        assert [value(address, f"show {name}") for name in settings] == ["UTF8", "on", "on", "on", "on", "off"]
        assert value(address, "show timezone") == "UTC"
        locale = "select datlocprovider::text || datlocale from pg_database where datname = current_database()"
        assert value(address, locale) == "bC.UTF-8"
        pid, data = server_of(address)
        assert embedded.serves(pid, data)
    # And when the block ends, nothing runs any more
    assert not embedded.serves(pid, data)


@contextmanager
def running_with(patch: pytest.MonkeyPatch, home: Path, **environment: str) -> Iterator[str]:
    for name, text in environment.items():
        patch.setenv(name, text)
    with running(home) as address:
        yield address


def test_data_survives_a_restart_from_a_home_with_spaces_and_accents(home: Path) -> None:
    # Given a home with a difficult name, and a row written to it
    home = home / "Siân’s records, 100% & more"
    with running(home, durable=False) as address, psycopg.connect(address) as connection:
        connection.execute("create table kept as select 'Ŵyn' as name")
    # When it is started again
    with running(home, durable=False) as address:
        # Then the row is there
        assert value(address, "select name from kept") == "Ŵyn"


def test_a_home_too_deep_for_a_socket_gets_a_short_private_folder_for_it(home: Path) -> None:
    # Given a home whose name alone is longer than a socket's name may be
    home = home / ("ö" * 60) / ("b" * 60)
    # When it is started
    with running(home, durable=False) as address:
        # Then it answers, from a folder that is nobody else's and that the home knows
        assert value(address, "select 1") == 1
        sockets = Path((home / "postgres" / "sockets").read_text())
        assert sockets.stat().st_mode & 0o777 == 0o700
    # And that folder goes with the server
    assert not sockets.exists()


def test_only_the_local_socket_and_known_accounts_are_let_in(used_home: Path) -> None:
    # Given a running database
    with running(used_home, durable=False) as address:
        # Then it does not listen to the network, trusts nobody, and keeps its socket to itself
        assert value(address, "show listen_addresses") == ""
        rules = "select string_agg(type || ' ' || auth_method, ',') from pg_hba_file_rules"
        assert value(address, rules) == "local peer"
        assert (used_home / "postgres" / "run").stat().st_mode & 0o777 == 0o700


def test_a_second_owner_is_refused_and_the_first_is_not_disturbed(used_home: Path) -> None:
    # Given a database that is in use
    with running(used_home, durable=False) as address:
        # When somebody else starts it, then they are told who has it
        with (
            pytest.raises(EmbeddedError, match=f"already in use by process {os.getpid()}"),
            running(used_home, durable=False),
        ):
            pass
        # And the first still has it
        assert value(address, "select 1") == 1


def test_a_request_to_end_leaves_nothing_running(used_home: Path) -> None:
    # Given a process that owns the database
    with another_owner(used_home) as (owner, address):
        pid, data = server_of(address)
        # When it is asked to end
        owner.terminate()
        # Then it ends as it should, after its server
        assert owner.wait(30) == 128 + signal.SIGTERM
        assert not embedded.serves(pid, data)
        assert not (data / "postmaster.pid").exists()


@pytest.mark.parametrize("how", ["main", "thread"])
def test_after_a_killed_owner_the_next_start_works_and_the_old_server_is_gone(used_home: Path, how: str) -> None:
    # Given an owner killed without warning, whose server may or may not have noticed
    with another_owner(used_home, how) as (owner, address):
        pid, data = server_of(address)
        owner.kill()
        owner.wait(30)
    if how == "main" and sys.platform == "linux":
        assert eventually(lambda: not embedded.serves(pid, data))
    if how == "thread":
        assert embedded.serves(pid, data)
    # When the next one starts
    with running(used_home, durable=False) as address:
        # Then it has a server of its own, and the old one is gone
        assert server_of(address)[0] != pid
        assert not embedded.serves(pid, data)


def test_a_process_that_got_the_number_of_a_dead_server_is_left_alone(used_home: Path) -> None:
    # Given a machine that crashed, and after it another program with the old server's number
    with running(used_home, durable=False) as address:
        _, data = server_of(address)
    with subprocess.Popen(["sleep", "60"]) as other:
        try:
            (data / "postmaster.pid").write_text(f"{other.pid}\n{data}\n1\n5432\n\n\n1 1\nready\n")
            (used_home / "postgres" / "run" / ".s.PGSQL.5432.lock").write_text(f"{other.pid}\n")
            (used_home / "postgres" / "run" / ".s.PGSQL.5432").touch()
            # When the database starts
            with running(used_home, durable=False) as address:
                # Then it works, and the other program still runs
                assert value(address, "select 1") == 1
                assert other.poll() is None
        finally:
            other.kill()


def test_a_forked_worker_that_ends_does_not_take_the_server_with_it(used_home: Path) -> None:
    # Given an owner that forks, as gunicorn does; when the worker ends inside the block
    done = subprocess.run(
        [sys.executable, "-c", FORKING, str(used_home)],
        cwd="/",
        env=os.environ | {"PYTHONPATH": PATHS},
        capture_output=True,
        text=True,
    )
    # Then the server still answers its owner
    assert (done.stdout, done.returncode) == ("still here\n", 0), done.stderr


def test_an_ordinary_user_can_run_it(home: Path) -> None:
    # Given an account that is not root: ours, or else `nobody` with a Python that it can read
    python, user = sys.executable, None
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody").pw_uid
        os.chown(home.parent, user, -1)
        if not all(part.stat().st_mode & 1 for part in Path(python).resolve().parents):
            name = f"python{sys.version_info.major}.{sys.version_info.minor}"
            python = shutil.which(name, path="/usr/bin:/usr/local/bin") or python
    # When it runs the database
    script = FORKING.replace("'still here'", "current_setting('is_superuser')")
    done = subprocess.run(
        [python, "-c", script, str(home)],
        user=user,
        cwd="/",
        env=os.environ | {"PYTHONPATH": PATHS},
        capture_output=True,
        text=True,
    )
    # Then it is the owner of it, and so are its files
    assert (done.stdout, done.returncode) == ("on\n", 0), done.stderr
    assert (home / "postgres" / "pg18").stat().st_uid == (os.geteuid() if user is None else user)


def test_a_home_and_programs_closed_to_the_server_work_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a home and the programs below folders that only we can enter
    state, private = home.parent / "state", home.parent / "private"
    private.mkdir(mode=0o700)
    package = embedded.binaries().parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, private / part.name, symlinks=True)
    monkeypatch.setattr(embedded, "STATE", state)
    monkeypatch.setattr(embedded, "binaries", lambda: private / package.name / "pginstall18" / "bin")
    with running(private / "home") as address, psycopg.connect(address) as connection:
        connection.execute("create table kept as select 7 as number")
    # When it is started again
    with running(private / "home") as address:
        # Then the data is there; only root needed the other place
        assert value(address, "select number from kept") == 7
    assert state.exists() == (os.geteuid() == 0)
    assert private.stat().st_mode & 0o777 == 0o700
    # And if that other place is lost, it does not begin again as if there had been nothing
    if state.exists():
        shutil.rmtree(state)
        with pytest.raises(EmbeddedError, match="not there any more"), running(private / "home"):
            pass


def test_a_throwaway_database_leaves_nothing_outside_its_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a temporary home below a folder that only we can enter, as pytest's are
    monkeypatch.setattr(embedded, "STATE", home.parent / "state")
    home.mkdir(mode=0o700)
    # When a throw-away database has run in it
    with running(home, durable=False) as address:
        assert value(address, "show fsync") == "off"
    # Then nothing of it is left elsewhere
    assert list((home.parent / "state").glob("*")) == []


def test_where_it_cannot_work_the_message_names_the_alternative(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a home that cannot be made, then the message names what to do instead
    home.write_text("a file")
    with pytest.raises(EmbeddedError, match="DATABASE_URL"), running(home / "below"):
        pass
    # And given a machine for which there are no programs, it does so too
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EmbeddedError, match="set DATABASE_URL to a PostgreSQL 15 or later"), running(home):
        pass


def test_an_error_inside_the_block_stops_the_server_and_comes_out_unchanged(used_home: Path) -> None:
    # Given a database whose user fails, when the block is left
    data, before = used_home / "postgres" / "pg18", threading.active_count()
    with (  # noqa: PT012 - the block itself is what is tested
        pytest.raises(FileNotFoundError, match="ours"),
        running(used_home, durable=False) as address,
    ):
        pid, _ = server_of(address)
        raise FileNotFoundError("ours")
    # Then the server is stopped, and no thread of ours is left either
    assert not embedded.serves(pid, data)
    assert threading.active_count() == before
