"""A bundle holds for whoever has the keys, and none that was changed in any way does: each thing that a forger can do has its name."""

import functools
import io
import json
import random
import subprocess
import sys
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid5

import msgspec
import psycopg
import pytest
from bs4 import BeautifulSoup
from eventsourcing.persistence import MapperDeserialisationError
from flask import Flask

from domain.bundle import HeadsStated, Reached, state_heads
from domain.case import case_id
from domain.contact import ContactRecorded
from domain.entry import correct_entry
from domain.event import NAMESPACE, Recorded
from domain.fieldwork import InspectionPublished
from domain.inspection import Inspection, inspection_id
from domain.limited_access import restrict
from domain.organisation import provider_id
from projections.story import Story
from store import bundles, notes, reads, verify
from store.database import as_service
from store.notes import Head
from store.record import Record
from store.verify import Trust
from tests.bundles import (
    LEAD,
    LOG,
    REFERENCE,
    TRUST,
    WITNESS,
    Bundle,
    Inspected,
    entries_of,
    faults,
    inspected,
    lines_of,
    listed,
    with_lines,
)
from tests.conftest import MASTER, Browser, fresh
from tests.projections.test_engine import POISON
from tests.scenario import Scenario
from tests.web.reading import said, soup
from web import bundling

PAGE = f"/inspections/{REFERENCE}/bundle"
CASE = "X000001"
OTHER = "HMI0002"


@pytest.fixture(scope="module")
def made(server: str, prepared_template: str, applications: Callable[[Record], Flask]) -> Iterator[tuple[Bundle, Bundle, str]]:
    """A bundle, the one that was taken before something more was recorded, and the announcement's checkpoint as an inspector keeps it."""
    for dsn in fresh(server, prepared_template):
        record = Record(as_service(dsn), MASTER)
        told = inspected(record, dsn, applications(record))
        earlier = told.bundle()
        Scenario(record).visit(CASE, days_ago=3)
        told.states()
        told.signs()
        held = next(data for name, data in sorted(earlier.items()) if name.startswith("checkpoints/0"))
        yield told.bundle(), earlier, held.decode()
        record.close()


@pytest.fixture
def bundle(made: tuple[Bundle, Bundle, str]) -> Bundle:
    return dict(made[0])


@pytest.fixture(autouse=True)
def signatures_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same signatures stand in every bundle that is changed elsewhere; working each of them out anew would be most of the time."""
    monkeypatch.setattr(verify, "signed", _signed_once)


_signed_once = functools.cache(verify.signed)


# ---- A true one ------------------------------------------------------------------------------------------------------


def test_a_bundle_holds_and_says_what_was_counted(bundle: Bundle) -> None:
    found = verify.check(bundle, TRUST)
    assert found.faults == []
    said = "\n".join(found.said)
    assert f"case {CASE}: whole, 9 entries, 2 recorded after the announcement, 2 of those about a time before it" in said
    assert "case X000002: whole, 7 entries, 0 recorded after the announcement" in said
    assert "4 cases, 0 of them withheld; 30 entries, 2 of them recorded after the announcement, 2 of those about a time before it." in said
    assert "seen by witness.invalid/1" in said
    assert "Frame of 4 cases with its digest; the sample of 4, drawn again, is the same." in said


def test_it_is_checked_by_the_file_that_it_brings_with_nothing_but_the_standard_library(bundle: Bundle, tmp_path: Path) -> None:
    def run(name: str, *more: str) -> subprocess.CompletedProcess[str]:
        asked = [sys.executable, "-I", "-S", tmp_path / "verify.py", tmp_path / name, "--log-key", LOG.verifier.vkey, *more]
        return subprocess.run(asked, capture_output=True, text=True, check=False, cwd=tmp_path)

    (tmp_path / "verify.py").write_bytes(bundle["verify.py"])
    (tmp_path / "held.txt").write_bytes(bundle["checkpoints/000000001.txt"])
    whole, folder = tmp_path / "whole.zip", tmp_path / "unpacked"
    with zipfile.ZipFile(whole, "w") as out:
        for name, data in bundle.items():
            out.writestr(name, data)
    zipfile.ZipFile(whole).extractall(folder)
    witness = ("--witness-key", WITNESS.verifier.vkey)
    held = run("whole.zip", *witness, "--held", str(tmp_path / "held.txt"), "--not-before", "2020-01-01T00:00:00Z")
    assert held.returncode == 0, held.stdout
    assert "VERIFIED" in held.stdout
    assert "does not show that a contact took place" in held.stdout
    assert run("unpacked", *witness).returncode == 0
    stranger = notes.make_signer("witness.invalid/2", notes.COSIGNATURE).verifier.vkey
    assert run("unpacked", "--witness-key", stranger).returncode == 1
    lines = (folder / entries_of(CASE)).read_bytes().splitlines(keepends=True)
    (folder / entries_of(CASE)).write_bytes(b"".join(lines[:-1]))
    cut = run("unpacked", *witness)
    assert cut.returncode == 1
    assert f"WRONG: {entries_of(CASE)} is not the file that the manifest lists" in cut.stdout


def test_every_head_of_a_case_is_a_proof_for_other_programs_too(bundle: Bundle) -> None:
    from store.proofs import proven

    found = proven(bundle[f"cases/{CASE}/head.tlog-proof"].decode(), [LOG.verifier], [WITNESS.verifier])
    assert (found.leaf.stream, found.leaf.version) == (case_id(CASE), 9)
    assert [name for name, _ in found.seen] == [WITNESS.verifier.name]


def test_the_manifest_says_what_is_not_proved_and_no_text_is_in_a_bundle_without_texts(bundle: Bundle) -> None:
    assert any("took place" in line for line in json.loads(bundle["MANIFEST.json"])["not_proved"])
    assert all(b"Bethan" not in data and b"the flat" not in data for data in bundle.values())
    assert "does not prove that a contact took place" in bundle[f"cases/{CASE}/history.html"].decode()


# ---- Forgeries that have a name --------------------------------------------------------------------------------------


def named(bundle: Bundle, *words: str, trust: Trust = TRUST) -> None:
    found = faults(bundle, trust)
    assert found
    assert all(word in " ".join(found) for word in words), found


def leaf_of(line: dict[str, Any]) -> bytes:
    return b64decode(line["leaf"])


def test_an_entry_that_was_deleted_is_named(bundle: Bundle) -> None:
    lines = lines_of(bundle, entries_of(CASE))
    named(
        with_lines(bundle, entries_of(CASE), [*lines[:4], *lines[5:]]), f"case {CASE}: version 5 is missing: version 6 stands in its place"
    )


def test_an_entry_that_was_altered_is_named(bundle: Bundle) -> None:
    lines = lines_of(bundle, entries_of(CASE))
    leaf = leaf_of(lines[6])
    lines[6]["leaf"] = b64encode(leaf.replace(b"COUP", b"COAP")).decode()
    assert b"COUP" in leaf
    named(with_lines(bundle, entries_of(CASE), lines), f"case {CASE}: version 7 is not in the log as it stands here")


def test_a_history_that_was_cut_off_is_named(bundle: Bundle) -> None:
    lines = lines_of(bundle, entries_of(CASE))[:-1]
    proof = verify.packed(leaf_of(lines[-1]))
    head = "\n".join(["c2sp.org/tlog-proof@v1", f"extra {proof}", f"index {lines[-1]['index']}", *lines[-1]["proof"]]).encode()
    cut = {**bundle, f"cases/{CASE}/head.tlog-proof": head + b"\n\n" + bundle["checkpoint.txt"]}
    named(with_lines(cut, entries_of(CASE), lines), f"case {CASE}: ends at version 8, and it was stated in the log that it had come to 9")


def test_entries_in_another_order_are_named(bundle: Bundle) -> None:
    lines = lines_of(bundle, entries_of(CASE))
    lines[2], lines[3] = lines[3], lines[2]
    named(with_lines(bundle, entries_of(CASE), lines), f"case {CASE}: version 3 is missing")


def resealed(leaf: bytes, sealed: bytes) -> bytes:
    """The leaf with another sealed text in the place of its own."""
    parts = verify.fields(leaf)
    parts[6] = sealed
    return b"caseleaf/v1" + b"".join(len(part).to_bytes(8, "big") + part for part in parts)


def test_sealed_texts_that_were_swapped_are_named(bundle: Bundle) -> None:
    lines = lines_of(bundle, entries_of(CASE))
    one, other = (verify.fields(leaf_of(lines[at]))[6] for at in (5, 6))
    assert len(one) > 28
    assert len(other) > 28
    lines[5]["leaf"] = verify.packed(resealed(leaf_of(lines[5]), other))
    lines[6]["leaf"] = verify.packed(resealed(leaf_of(lines[6]), one))
    named(with_lines(bundle, entries_of(CASE), lines), f"case {CASE}: version 6 is not in the log as it stands here")


def test_a_whole_case_of_somebody_else_is_named(bundle: Bundle) -> None:
    swapped = {**bundle, entries_of(CASE): bundle[entries_of("X000002")], entries_of("X000002"): bundle[entries_of(CASE)]}
    named(listed(swapped), f"case {CASE}: version 1 belongs to another case", "case X000002: version 1 belongs to another case")


def test_a_case_that_was_left_out_is_named(bundle: Bundle) -> None:
    named(listed({name: data for name, data in bundle.items() if not name.startswith(f"cases/{CASE}/")}), f"case {CASE}:", "is missing")


def forged(bundle: Bundle, root: bytes) -> Bundle:
    """A checkpoint of the same size with another root, signed by whoever holds the log's key."""
    size = json.loads(bundle["MANIFEST.json"])["size"]
    text = Head(LOG.verifier.name, size, root).text
    at = verify.read_head(bundle["checkpoint.txt"], TRUST).seen[WITNESS.verifier.name]
    return listed({**bundle, "checkpoint.txt": notes.note(text, [LOG.sign(text), WITNESS.cosign(text, int(at.timestamp()))]).encode()})


def test_a_fork_by_whoever_holds_the_key_of_the_log_is_named(bundle: Bundle) -> None:
    named(forged(bundle, sha256(b"another log").digest()), "a fork: the checkpoint of", "does not begin with the one of")


def test_a_log_that_was_made_anew_in_every_part_is_no_longer_the_one_that_somebody_holds(made: tuple[Bundle, Bundle, str]) -> None:
    """The only thing left to whoever has database and key: against a checkpoint that is held outside, that has a name as well."""
    bundle, _, held = made
    head = verify.read_head(held.encode(), TRUST)
    text = Head(LOG.verifier.name, head.size, sha256(b"as it was before").digest()).text
    mine = notes.note(text, [LOG.sign(text)])
    named(dict(bundle), f"a fork: the checkpoint of {head.size} entries that you hold has another root", trust=replace(TRUST, held=(mine,)))


def test_heads_that_were_withheld_are_named(made: tuple[Bundle, Bundle, str]) -> None:
    bundle, earlier, held = made
    newest = bundle["checkpoint.txt"].decode()
    assert faults(bundle, replace(TRUST, held=(held, newest))) == []
    assert faults(earlier, TRUST) == []
    named(earlier, "heads are withheld: you hold a checkpoint of", trust=replace(TRUST, held=(newest,)))
    late = verify.read_head(newest.encode(), TRUST).seen[WITNESS.verifier.name] + timedelta(seconds=1)
    named(dict(bundle), "heads are withheld: no witness saw the newest checkpoint at or after", trust=replace(TRUST, not_before=late))
    gone = {name: data for name, data in bundle.items() if name != "checkpoints/000000001.txt"}
    proofs = json.loads(gone["checkpoints/consistency.json"])[1:]
    gone["checkpoints/consistency.json"] = json.dumps(proofs).encode()
    named(listed(gone), "heads are withheld: the checkpoint of", "that you hold is not among those", trust=replace(TRUST, held=(held,)))


def test_a_checkpoint_that_no_witness_signed_is_not_enough(bundle: Bundle) -> None:
    text, signatures = notes.read_note(bundle["checkpoint.txt"].decode())
    named(
        listed({**bundle, "checkpoint.txt": notes.note(text, signatures[:1]).encode()}), "0 of the witnesses signed the newest checkpoint"
    )


def test_a_frame_with_another_case_and_another_nonce_are_named(bundle: Bundle) -> None:
    shown = json.loads(bundle["frame.json"])
    shown["frame"]["strata"]["male, community, RoSH medium"][0] = "X000099"
    named(listed({**bundle, "frame.json": json.dumps(shown).encode()}), "frame.json is not what was recorded of frame and sample")


def test_an_inspection_without_its_statement_is_named(bundle: Bundle) -> None:
    name = "inspection/entries.ndjson"
    named(with_lines(bundle, name, lines_of(bundle, name)[:4]), "does not end with a statement of how far its cases had come")


def test_a_time_of_recording_before_a_witness_saw_the_log_without_the_entry_is_named() -> None:
    seen = datetime(2026, 3, 2, 12, tzinfo=UTC)
    heads = [verify.Head(10, bytes(32), {"witness.invalid/1": seen})]
    verify._in_time([(10, seen - timedelta(days=1)), (11, seen - timedelta(minutes=4))], heads)
    with pytest.raises(verify.Wrong, match=r"before witness\.invalid/1 saw the log without it"):
        verify._in_time([(10, seen - timedelta(days=1)), (11, seen - timedelta(minutes=6))], heads)
    with pytest.raises(verify.Wrong, match="position 3"):
        verify._in_time([(3, seen), (7, seen - timedelta(seconds=1))], [])


# ---- Any forgery -----------------------------------------------------------------------------------------------------

PROVED = ("checkpoint", "inspection/", "frame.json")


def _any_byte(bundle: Bundle, chance: random.Random) -> Bundle:
    """One byte of one file is another, and the manifest is the old one."""
    name = chance.choice(sorted(bundle))
    at = chance.randrange(len(bundle[name]))
    byte = bundle[name][at]
    return {**bundle, name: bundle[name][:at] + bytes([byte ^ 1 << chance.randrange(8)]) + bundle[name][at + 1 :]}


def _proved(bundle: Bundle, chance: random.Random) -> str:
    return chance.choice([name for name in sorted(bundle) if name.endswith("entries.ndjson")])


def _a_bit_of_a_leaf(bundle: Bundle, chance: random.Random) -> Bundle:
    name = _proved(bundle, chance)
    lines = lines_of(bundle, name)
    line = chance.choice(lines)
    leaf = bytearray(leaf_of(line))
    leaf[chance.randrange(len(leaf))] ^= 1 << chance.randrange(8)
    line["leaf"] = verify.packed(bytes(leaf))
    return with_lines(bundle, name, lines)


def _a_step_of_a_proof(bundle: Bundle, chance: random.Random) -> Bundle:
    name = _proved(bundle, chance)
    lines = lines_of(bundle, name)
    line = chance.choice([line for line in lines if line["proof"]])
    at = chance.randrange(len(line["proof"]))
    line["proof"][at : at + 1] = chance.choice([[], [verify.packed(chance.randbytes(32))], [line["proof"][at]] * 2])
    return with_lines(bundle, name, lines)


def _another_place(bundle: Bundle, chance: random.Random) -> Bundle:
    name = _proved(bundle, chance)
    lines = lines_of(bundle, name)
    chance.choice(lines)["index"] += chance.choice([-1, 1, 1 << 40])
    return with_lines(bundle, name, lines)


def _fewer(bundle: Bundle, chance: random.Random) -> Bundle:
    name = _proved(bundle, chance)
    lines = lines_of(bundle, name)
    start = chance.randrange(len(lines))
    return with_lines(bundle, name, lines[:start] + lines[chance.randrange(start + 1, len(lines) + 1) :])


def _another_order(bundle: Bundle, chance: random.Random) -> Bundle:
    name = _proved(bundle, chance)
    lines = lines_of(bundle, name)
    one, other = chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return with_lines(bundle, name, lines)


def _twice(bundle: Bundle, chance: random.Random) -> Bundle:
    name = _proved(bundle, chance)
    lines = lines_of(bundle, name)
    at = chance.randrange(len(lines))
    return with_lines(bundle, name, [*lines[: at + 1], *lines[at:]])


def _swapped_seals(bundle: Bundle, chance: random.Random) -> Bundle:
    one, other = chance.sample([name for name in sorted(bundle) if name.startswith("cases/") and name.endswith("entries.ndjson")], 2)
    mine, theirs = lines_of(bundle, one), lines_of(bundle, other)
    line = chance.choice([line for line in mine if verify.fields(leaf_of(line))[6]])
    sealed = next(part for line in theirs if (part := verify.fields(leaf_of(line))[6]) and part != verify.fields(leaf_of(mine[0]))[6])
    line["leaf"] = verify.packed(resealed(leaf_of(line), sealed))
    return with_lines(bundle, one, mine)


def _a_fork(bundle: Bundle, chance: random.Random) -> Bundle:
    return forged(bundle, chance.randbytes(32))


def _without_a_file(bundle: Bundle, chance: random.Random) -> Bundle:
    needed = [name for name in sorted(bundle) if name.startswith(PROVED) or name.endswith(("entries.ndjson", ".tlog-proof"))]
    gone = chance.choice(needed)
    return listed({name: data for name, data in bundle.items() if name != gone})


def _a_file_more(bundle: Bundle, chance: random.Random) -> Bundle:
    return listed({**bundle, f"cases/X{chance.randrange(10, 999_999):06}/entries.ndjson": bundle[entries_of(CASE)]})


def _an_unknown_file(bundle: Bundle, chance: random.Random) -> Bundle:
    return {**bundle, f"{chance.choice(('keys', 'checkpoints', 'cases'))}/{chance.randrange(999)}.txt": chance.randbytes(30)}


def _another_signature(bundle: Bundle, chance: random.Random) -> Bundle:
    name = chance.choice([name for name in sorted(bundle) if name.startswith("checkpoint") and name.endswith(".txt")])
    text, signatures = notes.read_note(bundle[name].decode())
    at = chance.randrange(len(signatures))
    value = bytearray(signatures[at].value)
    value[chance.randrange(len(value))] ^= 1 << chance.randrange(8)
    changed = [*signatures]
    changed[at] = notes.Signature(signatures[at].name, signatures[at].key_id, bytes(value))
    return listed({**bundle, name: notes.note(text, changed).encode()})


def _another_consistency(bundle: Bundle, chance: random.Random) -> Bundle:
    proofs = json.loads(bundle["checkpoints/consistency.json"])
    one = chance.choice([proof for proof in proofs if proof])
    one[chance.randrange(len(one))] = verify.packed(chance.randbytes(32))
    return listed({**bundle, "checkpoints/consistency.json": json.dumps(proofs).encode()})


def _another_frame(bundle: Bundle, chance: random.Random) -> Bundle:
    shown = json.loads(bundle["frame.json"])
    part, value = chance.choice([("sample", "nonce"), ("sample", "seed"), ("frame", "digest"), ("frame", "ledger_root")])
    shown[part][value] = chance.randbytes(32).hex()
    return listed({**bundle, "frame.json": json.dumps(shown).encode()})


def _another_claim(bundle: Bundle, chance: random.Random) -> Bundle:
    manifest = json.loads(bundle["MANIFEST.json"])
    claim, value = chance.choice([("origin", "log.invalid/2"), ("size", 3), ("reference", "INS-2026-002"), ("not_proved", [])])
    return {**bundle, "MANIFEST.json": verify.manifest_text({**manifest, claim: value})}


WAYS = (
    _any_byte,
    _a_bit_of_a_leaf,
    _a_step_of_a_proof,
    _another_place,
    _fewer,
    _another_order,
    _twice,
    _swapped_seals,
    _a_fork,
    _without_a_file,
    _a_file_more,
    _an_unknown_file,
    _another_signature,
    _another_consistency,
    _another_frame,
    _another_claim,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_of_512_changed_bundles_none_is_accepted(bundle: Bundle, way: Callable[[Bundle, random.Random], Bundle]) -> None:
    accepted = [seed for seed in range(32) if not faults(way(bundle, random.Random(f"{way.__name__} {seed}")))]
    assert accepted == []


def test_a_zip_with_any_byte_changed_holds_the_same_or_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in bundle.items():
            out.writestr(name, content)
    whole, chance, file = data.getvalue(), random.Random("zip"), tmp_path / "bundle.zip"
    for _ in range(60):
        at = chance.randrange(len(whole))
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        if not verify.check_at(file, TRUST).faults:
            kept = zipfile.ZipFile(file)
            assert {name: kept.read(name) for name in kept.namelist()} == bundle


# ---- Its page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def told(record: Record, database: str, app: Flask) -> Inspected:
    return inspected(record, database, app, cases=2)


def test_an_inspector_asks_for_the_bundle_and_takes_it_away_once_a_checkpoint_covers_it(told: Inspected, browser: Browser) -> None:
    browser.sign_in(LEAD)
    assert "Bundle to take away and check" in said(soup(browser.get(f"/inspections/{REFERENCE}")).main)
    Scenario(told.record).visit("X000002", note="After the statement.")
    assert browser.post(PAGE, {"command_id": "0190f2b4-0000-7000-8000-000000000001"}).status_code == 303
    waiting = soup(browser.get(PAGE))
    assert "No checkpoint covers it yet" in said(waiting.main)
    assert browser.get(f"{PAGE}.zip").status_code == 404
    told.signs()
    page = soup(browser.get(PAGE))
    links = [link["href"] for link in page.main.select("a") if "bundle.zip" in link["href"]]
    assert links == [f"{PAGE}.zip", f"{PAGE}.zip?texts=yes"]
    for link, wanted in zip(links, (False, True), strict=True):
        answer = browser.get(link)
        assert answer.mimetype == "application/zip"
        kept = zipfile.ZipFile(io.BytesIO(answer.data))
        bundle = {name: kept.read(name) for name in kept.namelist()}
        assert faults(bundle) == []
        assert ("After the statement." in bundle["cases/X000002/history.html"].decode()) is wanted
        assert ("cases/X000002/texts.json" in bundle) is wanted
    with told.record.pool.connection() as conn:
        noted = [read.what for read in reads.of_case(conn, case_id("X000002"))]
    assert noted == [reads.BUNDLE_TEXTS, reads.BUNDLE]


def test_whoever_takes_no_part_gets_hashes_which_hold_all_the_same(told: Inspected) -> None:
    bundle = told.bundle(OTHER, texts=True)
    found = verify.check(bundle, TRUST)
    assert found.faults == []
    assert "2 cases, 2 of them withheld" in found.said[-1]
    assert not [name for name in bundle if name.endswith(("history.html", "texts.json", "findings.json", "tlog-proof"))]
    assert all(b"COUP" not in data for name, data in bundle.items() if name.startswith("cases/"))


def test_a_case_to_which_access_is_limited_is_withheld_and_holds(told: Inspected, app: Flask) -> None:
    scenario = Scenario(told.record)
    scenario.do("X000002", restrict, practitioners=("SIAN",), reason="Known to the inspector.")
    app.extensions["throughline"].read_side.catch_up()
    told.states()
    told.signs()
    bundle = told.bundle()
    assert faults(bundle) == []
    assert "cases/X000002/withheld.ndjson" in bundle
    assert entries_of("X000001") in bundle


def test_what_was_written_is_gone_from_the_bundle_of_an_erased_person_and_the_rest_holds(told: Inspected) -> None:
    person = uuid5(NAMESPACE, "X000002")
    with psycopg.connect(told.dsn, autocommit=True) as conn:
        conn.execute("delete from keys.person_key where person_id = %s", (person,))
    told.record.keyring.forget([person])
    bundle = told.bundle(texts=True)
    assert faults(bundle) == []
    assert json.loads(bundle["erasures.json"]) == [{"case": "X000002", "entries": 7}]
    assert b"the flat" not in bundle["cases/X000002/history.html"]


def test_a_note_that_was_marked_as_sensitive_after_the_statement_is_not_in_the_bundle_and_nor_is_why_it_was_corrected(
    told: Inspected,
) -> None:
    scenario, crn, visit = Scenario(told.record), "X000002", 7

    def corrects(reason: str, **changed: bool) -> None:
        reads = scenario.record.history(case_id(crn), texts=True)[visit - 1].event
        assert isinstance(reads, ContactRecorded)
        scenario.do(crn, correct_entry, entry=visit, reads=msgspec.structs.replace(reads, **changed), reason=reason)

    corrects("It was her sister.", one_to_one=False)
    told.states()
    told.signs()
    stated = told.bundle(texts=True)
    assert b"Spoke of the flat, 2." in stated[f"cases/{crn}/texts.json"]
    assert b"her sister" in stated[f"cases/{crn}/history.html"]
    corrects("It names the victim.", sensitive=True)
    bundle = told.bundle(texts=True)
    assert faults(bundle) == []
    texts, page = bundle[f"cases/{crn}/texts.json"], bundle[f"cases/{crn}/history.html"].decode()
    for word in ("the flat", "her sister", "the victim"):
        assert word.encode() not in texts
        assert word not in page
    assert page.count("The note is sensitive and is not in the bundle.") == 2
    assert "Corrected by entry 9" not in page
    assert b"Spoke of the flat, 1." in bundle[f"cases/{CASE}/texts.json"]


def test_a_case_that_cannot_be_read_is_named_and_the_bundle_is_whole_all_the_same(told: Inspected) -> None:
    with psycopg.connect(told.dsn, autocommit=True) as conn:
        conn.execute(POISON, {"id": case_id(CASE), "v": 9})
    told.states()
    told.signs()
    bundle = told.bundle()
    assert faults(bundle) == []
    assert "from-the-future" in bundle[f"cases/{CASE}/unreadable.txt"].decode()
    assert "cases/X000002/history.html" in bundle


def test_a_case_that_no_rule_foresaw_is_named_without_what_the_error_says_and_the_bundle_is_whole_all_the_same(
    told: Inspected, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(history: Sequence[Recorded], whole: Story | None = None) -> Story:
        if history[0].originator_id == case_id(CASE):
            raise ValueError("Spoke of the flat")
        return Story(history, whole)

    def none_can_be_read(*_: object) -> None:
        raise MapperDeserialisationError

    monkeypatch.setattr("web.bundling.Story", fails)
    monkeypatch.setattr(told.record, "entries", none_can_be_read)
    bundle = told.bundle()
    assert faults(bundle) == []
    assert bundle[f"cases/{CASE}/unreadable.txt"] == b"This case cannot be told: ValueError\n"
    assert [name for name in bundle if name.endswith(("history.html", "findings.json"))] == [
        "cases/X000002/findings.json",
        "cases/X000002/history.html",
    ]
    report = BeautifulSoup(bundle["report.html"].decode(), "html5lib")
    links = [link["href"] for link in report.select("th a")]
    assert links == [f"cases/{CASE}/unreadable.txt", "cases/X000002/history.html"]
    assert "The case’s history cannot be read" in said(report.main)


def test_other_streams_of_an_inspection_that_are_stated_are_in_its_bundle_and_what_is_cut_off_is_named(told: Inspected) -> None:
    name, record = "provider:C10", told.record
    with record.pool.connection() as conn:
        ((version, chained),) = bundles.reached(conn, [provider_id("C10")]).values()
    past = record.history(inspection_id(REFERENCE))
    stated = past[-1].event
    assert isinstance(stated, HeadsStated)
    others = {name: Reached(version, chained.hex())}
    now = record.clock()
    record.change(Inspection, inspection_id(REFERENCE), state_heads, None, stated.heads, others, now=now, by=LEAD)
    told.signs()
    bundle = told.bundle()
    found = verify.check(bundle, TRUST)
    assert found.faults == []
    assert f"  {name}: whole, {version} entries" in found.said
    file = "streams/provider%3AC10/entries.ndjson"
    named(with_lines(bundle, file, lines_of(bundle, file)[:-1]), f"{name}: ends at version {version - 1}")
    named(listed({kept: data for kept, data in bundle.items() if kept != file}), f"{name}:", "is missing")


def test_before_the_publication_a_reader_sees_no_assessment_of_another_and_of_a_withheld_case_none(told: Inspected) -> None:
    now, opened = told.record.clock(), {CASE}
    published = [Recorded(inspection_id(REFERENCE), 9, InspectionPublished(occurred_at=now, by=LEAD), now, 99)]
    mine, others = (f"assessment:{REFERENCE}:{CASE}:{reader}" for reader in (LEAD, OTHER))
    with told.asking():
        assert bundling.may_read(mine, opened, [])
        assert not bundling.may_read(others, opened, [])
        assert bundling.may_read(others, opened, published)
        assert not bundling.may_read(others, {"X000002"}, published)
        assert bundling.may_read(f"moderation:{REFERENCE}:{CASE}", opened, [])
        assert not bundling.may_read(f"moderation:{REFERENCE}:{CASE}", {"X000002"}, [])
        assert bundling.may_read(f"panel:{REFERENCE}", opened, [])
        assert not bundling.may_read(f"panel:{REFERENCE}", set(), published)
