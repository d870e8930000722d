"""The commands that check the record and sign for it, as somebody at a terminal meets them."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result

from domain.redrawing import written
from projections.read_models import ReadSide
from store import notes, proofs
from store.notes import make_signer
from store.policy import current_policy
from store.record import Record
from tests.conftest import MASTER
from tests.domain.test_redrawing import files
from tests.scenario import Scenario
from web.cli import cli

Run = Callable[..., Result]


@pytest.fixture
def run(database: str, record: Record, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("THROUGHLINE_MASTER_KEY", base64.b64encode(MASTER).decode())
    read_side = ReadSide(record, current_policy())
    read_side.prepare()
    Scenario(record).staff().case()
    read_side.catch_up()
    return lambda *words: CliRunner().invoke(cli, words)


def test_a_record_that_nobody_signed_for_is_well_and_says_so(run: Run) -> None:
    said = run("check")
    assert said.exit_code == 0, said.output
    assert "The ledger is whole." in said.output
    assert "No checkpoint was signed yet" in said.output


def test_a_checkpoint_is_printed_as_a_note_with_the_key_to_check_it_beside(run: Run, record: Record) -> None:
    said = run("checkpoint")
    assert said.exit_code == 0, said.output
    vkey = said.stderr.removeprefix("Public key: ").strip()
    text, _ = notes.opened(said.stdout, [notes.read_vkey(vkey)])
    assert notes.read_head(text).size == record.head()
    assert run("checkpoint").stdout == said.stdout
    well = run("check", "--log-key", vkey)
    assert well.exit_code == 0, well.output
    assert f"covers {record.head()} entries; 0 wait for the next" in well.output
    assert "They do not show that a contact took place" in well.output


def test_a_check_with_the_key_that_somebody_holds_names_checkpoints_that_another_signed(run: Run) -> None:
    run("checkpoint")
    said = run("check", "--log-key", make_signer("throughline.invalid/x").verifier.vkey, "--json")
    assert said.exit_code == 1
    (fault,) = json.loads(said.stdout)["faults"]
    assert "checkpoint 1 is not signed: no key that is trusted signed this note" in fault["what"]


def test_an_empty_record_has_nothing_to_sign_for(database: str, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("THROUGHLINE_MASTER_KEY", base64.b64encode(MASTER).decode())
    said = CliRunner().invoke(cli, ["checkpoint"])
    assert said.exit_code == 1
    assert "nothing in the record to sign for" in said.output


def test_an_entry_that_was_altered_after_a_checkpoint_is_named_with_it(run: Run, database: str, record: Record) -> None:
    run("checkpoint")
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("alter table record.leaf disable trigger all")
        owner.execute("update record.leaf set leaf_hash = sha256('x') where leaf_index = 1")
    said = run("check")
    assert said.exit_code == 1
    assert "position 2: an event was altered or moved" in said.output
    assert f"position {record.head()}: the entries are not those that checkpoint 1 was made of" in said.output


def test_a_new_key_takes_over_only_when_that_is_said(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run("checkpoint")
    name = first.stdout.partition("\n")[0]
    monkeypatch.setenv("THROUGHLINE_LOG_KEY", str(tmp_path / "log.key"))
    monkeypatch.setenv("THROUGHLINE_ORIGIN", name)
    refused = run("checkpoint")
    assert refused.exit_code == 1
    assert "--new-key" in refused.output
    second = run("checkpoint", "--new-key")
    assert second.exit_code == 0, second.output
    assert second.stdout.partition("\n— ")[0] == first.stdout.partition("\n— ")[0]
    assert second.stdout != first.stdout
    assert run("check").exit_code == 0


def test_a_proof_that_was_handed_over_is_checked_without_a_database(
    run: Run, record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vkey = run("checkpoint").stderr.removeprefix("Public key: ").strip()
    with record.pool.connection() as conn:
        said = proofs.proof(conn, 4)
    assert said is not None
    file = tmp_path / "handed-over.tlog-proof"
    file.write_text(said, "utf-8")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    found = run("proof", str(file), "--log-key", vkey)
    assert found.exit_code == 0, found.output
    assert "stands at position 4 of" in found.output
    assert "does not show that what the entry says took place" in found.output
    witness = make_signer("witness.invalid/1", notes.COSIGNATURE).verifier.vkey
    assert run("proof", str(file), "--log-key", vkey, "--witness-key", witness).exit_code == 1
    file.write_text(said.replace("index 3", "index 4"), "utf-8")
    refused = run("proof", str(file), "--log-key", vkey)
    assert (refused.exit_code, "Not proven" in refused.output) == (1, True)
    other = run("proof", str(file), "--log-key", make_signer("throughline.invalid/x").verifier.vkey)
    assert (other.exit_code, "no key that is trusted" in other.output) == (1, True)


def test_a_sample_is_drawn_again_from_its_two_files_and_one_changed_reference_is_refused(tmp_path: Path) -> None:
    frame, draw = tmp_path / "frame.json", tmp_path / "draw.json"
    for file, content in zip((frame, draw), files(), strict=True):
        file.write_bytes(written(content))
    same = CliRunner().invoke(cli, ["redraw", str(frame), str(draw)])
    assert same.exit_code == 0, same.output
    assert "Inspection INS-2026-001: drawing again gives the same 63 cases." in same.output
    frame.write_text(frame.read_text().replace("X200003", "X299999"))
    changed = CliRunner().invoke(cli, ["redraw", str(frame), str(draw)])
    assert changed.exit_code == 1
    assert "The frame does not hold the cases that it was fixed with." in changed.output
