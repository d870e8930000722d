"""The commands that write a bundle and files for analysts, as somebody at a terminal meets them."""

import base64
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from store import log_key, verify
from store.record import Record
from tests.bundles import LEAD, REFERENCE, inspected
from tests.conftest import MASTER
from web.cli import cli


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def told(record: Record, database: str, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Record:
    """An inspection whose checkpoints the key of this run signs."""
    monkeypatch.setattr("tests.bundles.LOG", log_key.log_key())
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("THROUGHLINE_MASTER_KEY", base64.b64encode(MASTER).decode())
    inspected(record, database, app, cases=2)
    return record


def test_a_bundle_is_written_and_can_be_checked_with_what_is_in_it(told: Record, tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    done = run("bundle", REFERENCE, "--for", LEAD, "--out", file, "--sign", "--texts")
    assert done.exit_code == 0, done.output
    zipfile.ZipFile(file).extractall(tmp_path)
    keys = ["--log-key", log_key.log_key().verifier.vkey, "--no-witness"]
    checked = subprocess.run([sys.executable, "-I", "-S", tmp_path / "verify.py", file, *keys], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert b"Spoke of the flat" in (tmp_path / "cases/X000001/texts.json").read_bytes()
    assert (tmp_path / "verify.py").read_bytes() == Path(verify.__file__).read_bytes()
    assert run("bundle", "INS-2026-009", "--for", LEAD, "--out", file).output == "Error: There is no inspection INS-2026-009.\n"
    assert "SIAN is nobody who may do that" in run("bundle", REFERENCE, "--for", "SIAN", "--out", file).output


def test_files_for_analysts_are_written_for_whoever_may_have_them(told: Record, tmp_path: Path) -> None:
    file = tmp_path / "log.xes"
    done = run("export-histories", "--provider", "C10", "--kind", "xes", "--for", LEAD, "--out", file)
    assert done.exit_code == 0, done.output
    assert file.read_bytes().count(b"<trace>") == 2
    named = run("export-histories", "--inspection", REFERENCE, "--names", "--kind", "findings-csv", "--for", LEAD, "--out", file)
    assert named.exit_code == 0, named.output
    assert b"X000001" in file.read_bytes()
    assert run("export-histories", "--kind", "xes", "--for", LEAD, "--out", file).output == "Error: Name an inspection or a provider.\n"
    for staff in ("SIAN", "MEERA"):
        refused = run("export-histories", "--provider", "C10", "--kind", "xes", "--for", staff, "--out", file)
        assert f"{staff} is nobody who may do that" in refused.output
