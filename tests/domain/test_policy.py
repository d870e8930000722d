"""Policy: every number has its source and its mark, a missing value is refused, old versions stay, and months are added as people do."""

import hashlib
import re
import tomllib
from datetime import date
from importlib import resources

import msgspec
import pytest

from domain.contact import Mode, Purpose
from domain.policies import policy_text, read_policy, read_version, versions
from domain.policy import Policy
from domain.working_days import add_months
from store.policy import current_policy
from tests.rules import BANK_HOLIDAYS

RAW = tomllib.loads(policy_text())
VALUES = [f"{group}.{name}" for group, entries in RAW.items() if isinstance(entries, dict) for name in entries]
MARKS = {"[V]", "[R]", "[D]"}


def without(name: str) -> str:
    """The policy file without one value, named with its group."""
    group, _, line = name.partition(".")
    before, heading, rest = policy_text().partition(f"[{group}]\n")
    rest, removed = re.subn(rf"^{re.escape(line)} = .*\n", "", rest, count=1, flags=re.MULTILINE)
    assert removed == 1
    return before + heading + rest


def instead(name: str, value: str) -> str:
    """The policy file with another value of that name."""
    text, changed = re.subn(rf"^({re.escape(name)} = {{ value = )[^,\[]*,", rf"\g<1>{value},", policy_text(), flags=re.MULTILINE)
    assert changed == 1
    return text


@pytest.mark.parametrize("name", VALUES)
def test_every_value_says_where_it_comes_from(name: str) -> None:
    sourced = current_policy().sources[name]
    assert len(sourced.source) > 20
    assert sourced.mark in MARKS


def test_every_value_that_is_used_is_sourced() -> None:
    used = set()
    for field in msgspec.structs.fields(Policy):
        if field.name in ("version", "bank_holidays", "sources"):
            continue
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            used |= {f"{field.name}.{inner.name}" for inner in msgspec.structs.fields(field.type)}
        else:
            used.add(f"general.{field.name}")
    assert used == set(VALUES) == set(current_policy().sources)


@pytest.mark.parametrize("name", VALUES)
def test_a_policy_without_a_value_is_refused(name: str) -> None:
    with pytest.raises((msgspec.ValidationError, KeyError)):
        read_policy(without(name), BANK_HOLIDAYS)


def test_a_policy_without_a_version_is_refused() -> None:
    with pytest.raises(KeyError):
        read_policy(policy_text().replace("version = ", "edition = "), BANK_HOLIDAYS)


@pytest.mark.parametrize("group", [group for group, entries in RAW.items() if isinstance(entries, dict)])
def test_a_policy_without_a_group_is_refused(group: str) -> None:
    with pytest.raises((msgspec.ValidationError, KeyError)):
        read_policy(policy_text().replace(f"[{group}]", "[another]"), BANK_HOLIDAYS)


@pytest.mark.parametrize("part", ["source", "mark"])
def test_a_value_without_a_source_or_a_mark_is_refused(part: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        read_policy(re.sub(rf', {part} = "[^"]*"', "", policy_text(), count=1), BANK_HOLIDAYS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("rosh_review_months", '"six"', id="words for a number"),
        pytest.param("rosh_review_months", "6.5", id="a fraction of a month"),
        pytest.param("zero_activity_days", "true", id="yes for a number"),
        pytest.param("confidence", '"80%"', id="a percentage as text"),
    ],
)
def test_a_value_of_another_kind_is_refused(name: str, value: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        read_policy(instead(name, value), BANK_HOLIDAYS)


def test_a_changed_value_is_the_value_that_holds() -> None:
    assert read_policy(instead("rosh_review_months", "3"), BANK_HOLIDAYS).rosh_review_months == 3


def test_every_mode_is_said_to_count_to_count_when_planned_never_or_to_be_unknown() -> None:
    rule = current_policy().purposeful
    assert rule.modes.isdisjoint(rule.planned_only_modes | rule.never_modes)
    assert rule.planned_only_modes.isdisjoint(rule.never_modes)
    assert set(Mode) - rule.modes - rule.planned_only_modes - rule.never_modes == {Mode.OTHER}
    assert rule.modes | rule.planned_only_modes | rule.never_modes <= set(Mode)


def test_the_policy_speaks_of_purposes_and_modes_that_there_are() -> None:
    policy = current_policy()
    assert policy.purposeful.purposes <= set(Purpose)
    assert set(Purpose) - policy.purposeful.purposes == {Purpose.REPORTING, Purpose.BOOKING, Purpose.FORMS}
    assert policy.continuity.modes <= set(Mode)


def test_the_policy_in_force_knows_the_published_bank_holidays() -> None:
    assert current_policy().bank_holidays >= BANK_HOLIDAYS


# ---- Versions --------------------------------------------------------------------------------------------------------

RELEASED = dict(line.split()[::-1] for line in resources.files("domain.policies").joinpath("SHA256SUMS").read_text("utf-8").splitlines())


def test_the_versions_stand_oldest_first_and_each_file_says_its_own() -> None:
    assert versions()[0] == "2026-11-1"
    assert [tomllib.loads(policy_text(version))["version"] for version in versions()] == list(versions())


@pytest.mark.parametrize("file", sorted(RELEASED))
def test_a_version_that_was_released_never_changes(file: str) -> None:
    content = resources.files("domain.policies").joinpath(file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == RELEASED[file]


def test_only_the_newest_version_may_still_be_in_the_making() -> None:
    assert {f"{version}.toml" for version in versions()[:-1]} <= set(RELEASED) <= {f"{version}.toml" for version in versions()}


@pytest.mark.parametrize("version", versions())
def test_every_version_can_be_counted_under(version: str) -> None:
    policy = read_version(version, BANK_HOLIDAYS)
    assert policy.version == version
    assert policy.bank_holidays == BANK_HOLIDAYS


def test_a_version_that_there_is_not_is_no_version() -> None:
    with pytest.raises(KeyError):
        read_version("1999-1-1", BANK_HOLIDAYS)


def said_by(version: str) -> set[str]:
    raw = tomllib.loads(policy_text(version))
    return {f"{group}.{name}" for group, entries in raw.items() if isinstance(entries, dict) for name in entries}


def test_what_the_first_version_did_not_say_is_taken_from_the_next_and_marked() -> None:
    first = read_version("2026-11-1", BANK_HOLIDAYS)
    taken = {name for name, sourced in first.sources.items() if sourced.since == "2026-11-2"}
    assert "service_levels.first_appointment_working_days" in taken
    assert taken == said_by("2026-11-2") - said_by("2026-11-1")
    assert {name for name, sourced in first.sources.items() if not sourced.since} == said_by("2026-11-1")


def test_the_first_of_the_later_versions_that_says_it_is_the_one_that_counts() -> None:
    later = [
        without("general.rosh_review_months").replace('version = "', 'version = "a'),
        instead("rosh_review_months", "3"),
        policy_text(),
    ]
    policy = read_policy(without("general.rosh_review_months"), BANK_HOLIDAYS, later=later)
    assert policy.rosh_review_months == 3
    assert policy.sources["general.rosh_review_months"].since == versions()[-1]
    assert policy.version == versions()[-1]
    assert not policy.sources["general.share_from_contacts"].since


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        pytest.param(date(2026, 3, 12), 6, date(2026, 9, 12), id="the same day"),
        pytest.param(date(2025, 8, 31), 6, date(2026, 2, 28), id="31 August to the end of February"),
        pytest.param(date(2027, 8, 31), 6, date(2028, 2, 29), id="31 August to the end of a leap February"),
        pytest.param(date(2027, 8, 29), 6, date(2028, 2, 29), id="29 August to 29 February"),
        pytest.param(date(2028, 2, 29), 12, date(2029, 2, 28), id="a leap day to the next year"),
        pytest.param(date(2028, 2, 29), 48, date(2032, 2, 29), id="a leap day to the next leap day"),
        pytest.param(date(2026, 3, 31), 1, date(2026, 4, 30), id="31 March to 30 April"),
        pytest.param(date(2026, 4, 30), 1, date(2026, 5, 30), id="30 April to 30 May, not 31"),
        pytest.param(date(2026, 12, 31), 2, date(2027, 2, 28), id="over New Year"),
        pytest.param(date(2026, 6, 30), 6, date(2026, 12, 30), id="to December"),
        pytest.param(date(2026, 1, 31), 0, date(2026, 1, 31), id="no months"),
        pytest.param(date(2026, 1, 31), 12, date(2027, 1, 31), id="a year"),
    ],
)
def test_a_number_of_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_a_review_is_due_after_the_policy_s_months() -> None:
    assert current_policy().rosh_review_due(date(2026, 3, 12)) == date(2026, 9, 12)
