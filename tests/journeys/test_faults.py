"""The service is killed while people write: what it acknowledged is there once, and the pages are as a rebuild would make them."""

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from domain.case import case_id
from projections.read_models import ReadSide
from store.database import as_service
from store.policy import current_policy
from store.record import Record
from tests.conftest import MASTER
from tests.scenario import Scenario

ROUNDS = 6


class Service:
    """`throughline serve` as a process group of its own, so that all of it can be killed at once."""

    def __init__(self, database: str, port: int) -> None:
        self.environment = {
            **os.environ,
            "DATABASE_URL": database,
            "THROUGHLINE_MASTER_KEY": b64encode(MASTER).decode(),
            "THROUGHLINE_ALLOW_LOSS": "tests",
        }
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "web.cli", "serve", "--port", str(self.port), "--workers", "2"]
        self.process = subprocess.Popen(
            command, env=self.environment, cwd=Path(__file__).parents[2], start_new_session=True, stderr=subprocess.DEVNULL
        )
        for _ in range(600):
            try:
                if self.ask("GET", "/ping")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the service did not start")

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, cookies: str = "") -> tuple[int, str, list[str]]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            headers = {"Cookie": cookies} | ({"Content-Type": "application/x-www-form-urlencoded"} if form else {})
            connection.request(method, path, urllib.parse.urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), [v.split(";")[0] for k, v in answer.getheaders() if k == "Set-Cookie"]


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def service(database: str, record: Record) -> Iterator[Service]:
    told = Scenario(record).staff()
    told.case()
    ReadSide(record, current_policy()).prepare()
    service = Service(database, _free_port())
    service.start()
    yield service
    service.kill()


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def _sign_in(service: Service) -> str:
    _, page, cookies = service.ask("GET", "/sign-in")
    status, _, more = service.ask("POST", "/sign-in", {"csrf_token": _token(page), "staff": "SIAN"}, "; ".join(cookies))
    assert status == 303
    jar = dict(cookie.split("=", 1) for cookie in [*cookies, *more])
    return "; ".join(f"{name}={value}" for name, value in jar.items())


def test_everything_acknowledged_is_there_once_after_kill_9(service: Service, record: Record, database: str) -> None:
    luck = random.Random(20260301)
    cookies = _sign_in(service)
    token = _token(service.ask("GET", "/cases/X000001/contacts/new", cookies=cookies)[1])
    when = record.clock() - timedelta(days=2)
    acknowledged: list[str] = []
    unsure: list[dict[str, str]] = []
    for round_ in range(ROUNDS):
        stop_after = time.monotonic() + luck.uniform(0.05, 0.6)
        while True:
            command = str(uuid4())
            form = {
                "csrf_token": token,
                "command_id": command,
                "kind": "CTOB",
                "occurred_at": f"{when.day} {when.month} {when.year}",
                "occurred_at-time": "10:15",
                "note": f"call {round_} {command}",
                "all_the_same": "yes",  # so many calls at the same minute would be asked about one by one
            }
            if time.monotonic() > stop_after:
                # In mid-request: the answer is lost, the entry may or may not be there.
                assert service.process is not None
                wait, group = luck.uniform(0, 0.03), service.process.pid
                killer = subprocess.Popen([sys.executable, "-c", f"import os,time; time.sleep({wait}); os.killpg({group}, 9)"])
                _post(service, form, cookies, acknowledged, unsure)
                killer.wait()
                service.process.wait()
                break
            _post(service, form, cookies, acknowledged, unsure)
        service.start()
        # The person presses again, with the same form.
        for form in unsure:
            status, _, _ = service.ask("POST", "/cases/X000001/contacts/new", form, cookies)
            assert status == 303
            acknowledged.append(form["command_id"])
        unsure.clear()
    read_side = ReadSide(record, current_policy())
    read_side.catch_up()
    assert read_side.health(sample=None).well
    with psycopg.connect(as_service(database)) as conn:
        rows = conn.execute("select command_id, count(*) from record.event where command_id is not null group by 1").fetchall()
    counts = {str(command): count for command, count in rows}
    assert acknowledged
    assert [counts.get(command, 0) for command in acknowledged] == [1] * len(acknowledged)
    notes = [getattr(r.event, "note", "") for r in record.history(case_id("X000001"), texts=True)]
    assert all(sum(command in note for note in notes) == 1 for command in acknowledged)


def _post(service: Service, form: dict[str, str], cookies: str, acknowledged: list[str], unsure: list[dict[str, str]]) -> None:
    try:
        status, page, _ = service.ask("POST", "/cases/X000001/contacts/new", form, cookies)
    except (OSError, http.client.HTTPException):
        unsure.append(form)
        return
    assert status == 303, page
    acknowledged.append(form["command_id"])
