"""Which cases a specification makes eligible, why each other one is left out, and by what the sample is divided."""

from datetime import date

import msgspec
import pytest

from domain.organisation import ProviderKind
from domain.sentence import SentenceKind
from domain.specification import Exclusion, Specification, Stratum
from domain.specifications import read_specifications, ready_made
from projections.frame import Candidate, framed

ASKED = Specification(provider="C10", began_from=date(2026, 4, 1), began_to=date(2026, 6, 1), kinds=("community order", "licence"))
USUAL = Candidate(
    crn="X000001",
    here=True,
    sex="female",
    sentence="community order",
    rosh="medium",
    team="CF1",
    phase="in the community",
    commenced_on=date(2026, 5, 1),
    ended_on=None,
    upw_hours=0,
    only_unpaid_work=False,
    came_on=None,
)


def left_out(change: dict[str, object], *exclusions: Exclusion) -> str:
    """Why a case that differs so from an eligible one is left out; empty when it is not."""
    found = framed([msgspec.structs.replace(USUAL, **change)], msgspec.structs.replace(ASKED, exclusions=exclusions))
    assert found.size + sum(found.left_out.values()) == 1
    return next(iter(found.left_out), "")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, ""),
        ({"commenced_on": date(2026, 4, 1)}, ""),
        ({"commenced_on": date(2026, 6, 1)}, ""),
        ({"commenced_on": date(2026, 3, 31)}, "The sentence began before the window"),
        ({"commenced_on": date(2026, 6, 2)}, "The sentence began after the window"),
        ({"ended_on": date(2026, 7, 1)}, "Supervision had ended"),
        ({"commenced_on": None}, "Not released from custody yet"),
        ({"commenced_on": None, "sentence": ""}, "No sentence is recorded"),
        ({"sentence": "suspended sentence order"}, "Another kind of sentence"),
        ({"here": False}, "Now with another provider"),
    ],
)
def test_a_case_is_eligible_or_left_out_for_the_first_reason_that_there_is(change: dict[str, object], reason: str) -> None:
    assert left_out(change) == reason


@pytest.mark.parametrize(
    ("exclusion", "change"),
    [
        (Exclusion.ONLY_UNPAID_WORK, {"only_unpaid_work": True, "upw_hours": 80}),
        (Exclusion.NO_UNPAID_WORK, {"upw_hours": 0}),
        (Exclusion.BACK_IN_CUSTODY, {"phase": "recalled to custody", "sentence": "licence", "upw_hours": 1}),
        (Exclusion.BACK_IN_CUSTODY, {"phase": "in custody", "sentence": "licence", "upw_hours": 1}),
        (Exclusion.BACK_IN_CUSTODY, {"phase": "remanded in custody", "upw_hours": 1}),
        (Exclusion.FROM_ELSEWHERE, {"came_on": date(2026, 5, 2), "upw_hours": 1}),
    ],
)
def test_an_exclusion_leaves_a_case_out_only_where_it_was_chosen(exclusion: Exclusion, change: dict[str, object]) -> None:
    assert left_out(change) == ""
    assert left_out(change, exclusion) == exclusion.value
    others = set(Exclusion) - {exclusion, Exclusion.NO_UNPAID_WORK}
    assert left_out(change, *others) == ""


def test_a_case_that_came_before_supervision_began_did_not_come_from_elsewhere_in_it() -> None:
    assert left_out({"came_on": date(2026, 5, 1)}, Exclusion.FROM_ELSEWHERE) == ""


@pytest.mark.parametrize(
    ("strata", "name"),
    [
        ((Stratum.SEX, Stratum.DISPOSAL, Stratum.ROSH), "female, community, RoSH medium"),
        ((Stratum.TEAM, Stratum.SEX), "female, CF1"),
        ((Stratum.SENTENCE,), "community order"),
        ((), "all cases"),
    ],
)
def test_a_stratum_is_named_by_what_it_is_divided_by(strata: tuple[Stratum, ...], name: str) -> None:
    assert framed([USUAL], msgspec.structs.replace(ASKED, strata=strata)).strata == {name: ("X000001",)}


def test_who_was_in_custody_is_told_apart_and_who_was_not_assessed() -> None:
    licence = msgspec.structs.replace(USUAL, sentence="licence", rosh="")
    assert list(framed([licence], ASKED).strata) == ["female, post-custody, RoSH not assessed"]


def test_there_is_a_ready_made_specification_for_each_kind_of_provider_and_each_says_where_its_values_come_from() -> None:
    ready = ready_made()
    assert [one.name for one in ready] == ["crc", "nps", "unpaid-work", "through-the-gate"]
    assert {one.of for one in ready} == set(ProviderKind)
    for one in ready:
        assert set(one.sources) == {"kinds", "weeks_from", "weeks_to", "exclusions", "strata"}
        assert all(sourced.mark in ("[V]", "[R]", "[D]") and sourced.source for sourced in one.sources.values())
        assert one.weeks_from > one.weeks_to > 0


def test_a_ready_made_specification_counts_its_window_from_the_announcement() -> None:
    asked = ready_made()[0].of_provider("C10", date(2026, 11, 2))
    assert (asked.began_from, asked.began_to) == (date(2026, 3, 23), date(2026, 5, 18))  # 32 and 24 weeks before
    assert (asked.ready, asked.version, asked.exclusions) == ("crc", "2026-11-1", (Exclusion.ONLY_UNPAID_WORK,))
    assert SentenceKind.CUSTODIAL not in asked.kinds


def test_a_file_with_a_value_of_another_kind_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        read_specifications('version = "1"\n[crc]\ntitle = "A"\nweeks_from = { value = "many", mark = "[D]", source = "-" }')
