"""The page of checkpoints: the last one, how long entries waited, and what it does not prove."""

import psycopg
import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain.case import case_id
from store import checkpoints, notes, proofs
from store.log_key import log_key
from store.record import Record
from tests.conftest import Browser
from tests.scenario import Scenario


def words(browser: Browser) -> str:
    answer = browser.get("/checkpoints")
    assert answer.status_code == 200, answer.text
    return " ".join(BeautifulSoup(answer.text, "html5lib").main.get_text(" ").split())


def sign(record: Record) -> checkpoints.Checkpoint:
    with record.pool.connection() as conn:
        made = checkpoints.make(conn, log_key())
    assert made is not None
    return made


def test_anybody_may_take_the_last_checkpoint_and_check_it(browser: Browser, record: Record, scenario: Scenario) -> None:
    made = sign(record)
    said = words(browser)
    assert f"Last checkpoint covers {record.head()} entries Signed on" in said
    assert "Entries that wait for the next 0 " in said
    assert "The last checkpoint, to keep Signature holds" in said
    vkey = log_key().verifier.vkey
    assert vkey in said
    answer = browser.get("/checkpoint")
    assert answer.mimetype == "text/plain"
    text, _ = notes.opened(answer.text, [notes.read_vkey(vkey)])
    assert notes.read_head(text) == notes.Head(log_key().verifier.name, made.size, made.root)


def test_the_page_says_in_plain_words_what_a_checkpoint_does_not_prove(browser: Browser, record: Record, scenario: Scenario) -> None:
    sign(record)
    said = words(browser)
    assert "A checkpoint does not prove that a contact took place." in said
    assert "only a checkpoint kept outside the service shows it" in said
    assert "Nothing shows what was changed before that." in said


def test_before_there_is_one_the_page_says_so(browser: Browser, scenario: Scenario) -> None:
    said = words(browser)
    assert "Last checkpoint covers 0 entries None was signed yet" in said
    assert "Public key" not in said
    assert browser.get("/checkpoint").status_code == 404


def test_the_longest_wait_and_the_entries_that_wait_are_told(browser: Browser, record: Record, database: str, scenario: Scenario) -> None:
    sign(record)
    scenario.visit("X000001")
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("alter table record.event disable trigger all")
        owner.execute(
            "update record.event set recorded_at = recorded_at - interval '4 minutes' where notification_id = %s", (record.head(),)
        )
    sign(record)
    assert "Longest wait of an entry about 4 minutes In the last 30 days" in words(browser)
    scenario.visit("X000001")
    assert "Entries that wait for the next 1 " in words(browser)


def test_entries_that_wait_too_long_are_told_there_and_on_the_page_of_health(
    browser: Browser, app: object, record: Record, database: str, scenario: Scenario
) -> None:
    with psycopg.connect(database, autocommit=True) as owner:
        owner.execute("alter table record.event disable trigger all")
        owner.execute("update record.event set recorded_at = recorded_at - interval '16 minutes' where notification_id = 1")
    said = words(browser)
    assert "Checkpoints Needs attention" in said
    assert "Entries have waited too long for a checkpoint." in said
    health = " ".join(BeautifulSoup(browser.sign_in("ADM0001").get("/health").text, "html5lib").main.get_text(" ").split())
    assert "Health of the record Needs attention" in health
    assert "Entries are covered by a checkpoint No Entries have waited too long" in health


def test_a_checkpoint_that_somebody_else_put_there_does_not_pass_for_signed(browser: Browser, record: Record, scenario: Scenario) -> None:
    made = sign(record)
    stranger = notes.make_signer(log_key().verifier.name)
    text = notes.Head(stranger.verifier.name, made.size, made.root).text
    with record.pool.connection() as conn:
        conn.execute("select record.keep_checkpoint(%s, %s, %s)", (made.size, made.root, notes.note(text, [stranger.sign(text)])))
    said = words(browser)
    assert "Signature does not hold" in said
    assert "Checkpoints Needs attention" in said


@pytest.mark.parametrize("address", ["/about", "/health"])
def test_the_page_is_found_from_about_and_from_health(browser: Browser, scenario: Scenario, address: str) -> None:
    page = BeautifulSoup(browser.sign_in("ADM0001").get(address).text, "html5lib")
    assert page.select_one('main a[href="/checkpoints"]')


def test_it_is_read_in_welsh_too(browser: Browser, record: Record, scenario: Scenario) -> None:
    sign(record)
    browser.get("/language/cy")
    assert "Nid yw pwynt gwirio’n profi bod cyswllt wedi digwydd." in words(browser)


def test_the_proof_of_an_entry_is_taken_from_its_page_once_a_checkpoint_covers_it(
    browser: Browser, app: Flask, record: Record, scenario: Scenario
) -> None:
    app.extensions["throughline"].read_side.catch_up()
    browser.sign_in("SIAN")
    page = BeautifulSoup(browser.get("/cases/X000001/entries/1").text, "html5lib")
    assert page.select_one('main a[href="/cases/X000001/entries/1/proof"]')
    waiting = browser.get("/cases/X000001/entries/1/proof", follow_redirects=True)
    assert "This entry waits for the next checkpoint" in waiting.text
    sign(record)
    answer = browser.get("/cases/X000001/entries/1/proof")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="X000001-1.tlog-proof"'
    found = proofs.proven(answer.text, [log_key().verifier])
    assert (found.leaf.stream, found.leaf.version, found.leaf.topic) == (case_id("X000001"), 1, "case-opened")
    assert browser.get("/cases/X000001/entries/999/proof").status_code == 404
