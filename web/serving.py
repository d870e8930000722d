"""Serving pages: gunicorn over one record, and the demonstration that runs everything from one command."""

import gc
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from jinja2 import FileSystemBytecodeCache

from store.database import Unusable, as_service, home
from store.policy import current_policy
from store.record import Record
from web import create_app

LIFELINE = "THROUGHLINE_LIFELINE"
"""The number of a pipe that ends when the process that started this one is gone, however it went."""


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def must_be_loopback(host: str) -> None:
    """Without real sign-in nobody beyond this machine may reach the pages."""
    if not is_loopback(host):
        raise Unusable(
            f"Sign-in for real people is not set up, so this service listens on this machine only. Use --host 127.0.0.1 instead of {host}."
        )


def must_be_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as e:
            raise Unusable(f"Port {port} is taken. Choose another with --port.") from e


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    """The pages in worker processes; each opens its own connections after the fork."""

    def __init__(self, dsn: str, master: bytes, host: str, port: int, workers: int) -> None:
        self.dsn, self.master = dsn, master
        self.settings = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": "gthread",
            "threads": 8,
            "timeout": 60,
            "graceful_timeout": 10,
            "proc_name": "throughline",
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        app = create_app(Record(as_service(self.dsn), self.master), current_policy())
        app.config["DEMO_PEOPLE"] = True
        app.jinja_env.bytecode_cache = _compiled_templates()
        settle()
        return app


def settle() -> None:
    """What was made so far stays for as long as the process does. Looking through it for what nobody needs any more would stop a page
    now and then for as long as it takes to make it."""
    gc.collect()
    gc.freeze()


def _compiled_templates() -> FileSystemBytecodeCache | None:
    """Templates compiled once for all workers and starts: otherwise whoever comes first to each worker waits a second or two."""
    folder = home() / "templates"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    # A service that may write nowhere compiles them in memory.
    return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None


def end_with_parent() -> None:
    """End when the process that started this one is gone, even by kill -9: its end of the pipe closes with it."""
    if number := os.environ.pop(LIFELINE, ""):
        pipe = int(number)

        def watch() -> None:
            os.read(pipe, 1)
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=watch, daemon=True).start()


@contextmanager
def children(*commands: list[str], environment: dict[str, str]) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """This program's other commands as child processes, ended with the context or with this process."""
    ours, theirs = os.pipe()
    started: list[subprocess.Popen[bytes]] = []
    try:
        for command in commands:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "web.cli", *command],
                    env={**os.environ, **environment, LIFELINE: str(ours)},
                    pass_fds=(ours,),
                )
            )
        yield started
    finally:
        for child in started:
            if child.poll() is None:
                child.terminate()
        for child in started:
            _wait(child)
        os.close(ours)
        os.close(theirs)


def _wait(child: Any) -> None:
    try:
        child.wait(15)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
