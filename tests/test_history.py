"""Old history always loads: every event shape ever released has stored samples, which are added to and never edited."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.case import CaseOpened
from domain.catalogue import AnyEvent, AssessmentEvent, CaseEvent
from domain.contact import ContactRecorded, Direction, Mode, WithWhom
from domain.entry import Correctable, EntryCorrected
from domain.event import PERSONAL, Event, personal_fields, put_texts, take_texts
from domain.moderation import JudgementModerated
from store.codec import decode_event, decode_stream, tag
from tests.samples import Sample, samples

EVENTS: dict[str, type[Event]] = {tag_of: kind for kind in get_args(AnyEvent) if (tag_of := str(kind.__struct_config__.tag))}

PERSONAL_TEXTS = {
    "case-opened": {"name", "born", "needs"},
    "rar-day-credited": {"note"},
    "item-snoozed": {"reason"},
    "recalled": {"reason"},
    "interruption-began": {"note"},
    "interruption-ended": {"note"},
    "objective-set": {"aim"},
    "objective-ended": {"note"},
    "pattern-set": {"why"},
    "plan-reviewed": {"review"},
    "person-details-recorded": {"needs", "pronouns"},
    "provider-allocated": {"note"},
    "case-allocated": {"note", "because"},
    "transfer-requested": {"note"},
    "transfer-queried": {"question"},
    "transfer-informed": {"answer"},
    "address-assessed": {"note"},
    "transfer-completed": {"note"},
    "exclusion-set": {"reason", "message"},
    "exclusion-ended": {"reason"},
    "restriction-set": {"reason", "message"},
    "restriction-ended": {"reason"},
    "transfer-rejected": {"reason"},
    "transfer-withdrawn": {"reason"},
    "handover-held": {"note"},
    "appointment-rearranged": {"reason"},
    "appointment-cancelled": {"reason"},
    "outcome-recorded": {"note"},
    "evidence-decided": {"reason"},
    "enforcement-action-taken": {"reason"},
    "breach-referred": {"reason"},
    "breach-returned": {"reason"},
    "breach-withdrawn": {"reason"},
    "breach-concluded": {"note"},
    "recall-requested": {"reason"},
    "recall-decided": {"note"},
    "contact-recorded": {"note"},
    "entry-corrected": {"reason"},
    "entry-withdrawn": {"reason"},
    "rosh-assessed": {"rationale"},
    "significant-event-noted": {"note"},
    "registered": {"note"},
    "registration-reviewed": {"note"},
    "deregistered": {"reason"},
    "risk-review-initiated": {"reason"},
    "risk-review-moved": {"note"},
    "safeguarding-check-requested": {"note"},
    "safeguarding-response-received": {"note"},
    "sfo-initiated": {"note"},
    "sfo-moved": {"note"},
    "upw-instructed": {"reason"},
    "upw-attendance-recorded": {"note"},
    "upw-assessed": {"note"},
    "upw-inducted": {"note"},
    "upw-suspended": {"note"},
    "upw-resumed": {"note"},
    "upw-reviewed": {"note"},
    "upw-completed": {"note"},
    "oversight-noted": {"note"},
    "entry-countersigned": {"note"},
    "entry-sent-back": {"reason"},
    "quality-checked": {"note"},
    "return-answered": {"note"},
    "prompt-answered": {"note"},
    "key-question-judged": {"note"},
    "applicability-changed": {"reason"},
    "assessment-reopened": {"reason"},
    "judgement-moderated": {"reason"},
}
"""What is written about a person, and therefore sealed. Every other text of an event stands in the clear for good."""


def in_words(sample: Sample) -> str:
    return f"{sample.topic}, {sample.sample}"


def is_full(sample: Sample) -> bool:
    return sample.sample.startswith("every field")


def fields(kind: type[msgspec.Struct], *, required: bool = False) -> set[str]:
    return {field.name for field in msgspec.structs.fields(kind) if field.required or not required}


def test_no_two_events_are_stored_under_one_tag() -> None:
    assert len(EVENTS) == len(get_args(AnyEvent))


@pytest.mark.parametrize("topic", EVENTS)
def test_every_event_has_a_stored_sample_with_every_field_and_one_with_only_what_it_must_have(topic: str) -> None:
    kinds = [is_full(sample) for sample in samples() if sample.topic == topic]
    assert True in kinds
    assert False in kinds


@pytest.mark.parametrize("topic", EVENTS)
def test_the_samples_of_an_event_together_have_every_field_that_it_has_today(topic: str) -> None:
    stored = [sample for sample in samples() if sample.topic == topic]
    seen = {field for sample in stored for field in (*sample.body, *sample.texts)}
    assert fields(EVENTS[topic]) <= seen
    assert fields(EVENTS[topic], required=True) | {"type"} in [set(sample.body) for sample in stored]


@pytest.mark.parametrize("sample", samples(), ids=in_words)
def test_a_stored_sample_still_loads_as_the_event_it_was(sample: Sample) -> None:
    assert tag(sample.event) == sample.topic == sample.body["type"]


@pytest.mark.parametrize("sample", samples(), ids=in_words)
def test_a_loaded_sample_is_stored_again_as_it_was(sample: Sample) -> None:
    """Also shows that nothing of it was passed over: a field that the event knows no more would be missing."""
    bare, texts = take_texts(sample.event)
    assert json.loads(msgspec.json.encode(bare)) == sample.body
    assert texts == sample.texts


@pytest.mark.parametrize("sample", samples(), ids=in_words)
def test_a_sample_stored_again_loads_equal(sample: Sample) -> None:
    bare, texts = take_texts(sample.event)
    assert put_texts(decode_event(msgspec.json.encode(bare)), texts) == sample.event


def test_a_whole_history_loads_in_one_call() -> None:
    assert decode_stream(json.dumps([s.body for s in samples()])) == [decode_event(json.dumps(s.body)) for s in samples()]


def test_every_kind_of_entry_that_can_be_corrected_has_samples_within_a_correction() -> None:
    for full in (True, False):
        kinds = {type(s.event.reads) for s in samples() if isinstance(s.event, EntryCorrected) and is_full(s) is full}
        assert kinds == set(get_args(Correctable))


def test_an_event_that_was_never_released_does_not_load() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_event(b'{"type": "case-forgotten", "occurred_at": "2026-02-27T14:05:30Z", "by": "SIAN"}')


def test_an_event_without_a_fact_that_it_must_have_does_not_load() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_event(b'{"type": "practitioner-left", "occurred_at": "2026-02-27T14:05:30Z", "by": "SIAN"}')


# Personal text -------------------------------------------------------------------------------------------------------

CANARY = "Canary"


PERSONAL_VALUES = st.text(max_size=20).map(lambda text: f"{CANARY} {text}") | st.just("")
ZONES = st.just(UTC) | st.integers(-12, 12).map(lambda hours: timezone(timedelta(hours=hours)))
SIMPLE: Mapping[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=12),
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    type(None): st.none(),
    UUID: st.uuids(),
    date: st.dates(),
    datetime: st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1), timezones=ZONES),  # noqa: DTZ001 - see ZONES
}


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that a field with this type may have; personal text always begins with the canary, where there is any."""
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return PERSONAL_VALUES if PERSONAL in parts[1:] else values(parts[0])
    if origin in (UnionType, Union):
        return st.one_of(*map(values, parts))
    if origin is Literal:
        return st.sampled_from(parts)
    if origin is tuple:
        return st.lists(values(parts[0]), max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(values(parts[0]), values(parts[1]), max_size=3)
    return plain(hint)


def plain(kind: type[Any]) -> st.SearchStrategy[Any]:
    if issubclass(kind, StrEnum):
        return st.sampled_from(kind)
    return st.deferred(lambda: made(kind)) if issubclass(kind, msgspec.Struct) else SIMPLE[kind]


@cache
def made(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **{name: values(hint) for name, hint in get_type_hints(kind, include_extras=True).items() if name[0] != "_"})


ANY_EVENT = st.sampled_from(get_args(AnyEvent)).flatmap(made)
A_CORRECTION = made(EntryCorrected)
quickly: Callable[[Any], Any] = settings(
    deadline=None, derandomize=True, database=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)


@pytest.mark.parametrize("topic", EVENTS)
def test_the_personal_texts_of_an_event_are_these_and_no_others(topic: str) -> None:
    assert set(personal_fields(EVENTS[topic])) == PERSONAL_TEXTS.get(topic, set())


def test_only_what_happens_in_a_case_or_is_found_of_one_holds_personal_text() -> None:
    assert {EVENTS[topic] for topic in PERSONAL_TEXTS} <= {*get_args(CaseEvent), *get_args(AssessmentEvent), JudgementModerated}


@quickly
@given(event=ANY_EVENT | A_CORRECTION)
def test_an_event_comes_back_whole_from_its_clear_body_and_its_texts(event: Event) -> None:
    bare, texts = take_texts(event)
    assert put_texts(decode_event(msgspec.json.encode(bare)), texts) == event


@quickly
@given(event=ANY_EVENT | A_CORRECTION)
def test_no_personal_text_is_left_in_the_clear_body(event: Event) -> None:
    bare, texts = take_texts(event)
    assert CANARY.encode() not in msgspec.json.encode(bare)
    assert msgspec.json.encode(event).count(CANARY.encode()) == len(texts)
    assert all(text.startswith(CANARY) for text in texts.values())
    assert take_texts(bare) == (bare, {})


def test_a_correction_s_reason_and_what_the_entry_now_reads_are_both_taken_and_put_back() -> None:
    at = datetime(2026, 3, 11, 10, tzinfo=UTC)
    person = {"practitioner": "SIAN", "kind": "COUP", "direction": Direction.TWO_WAY, "with_whom": WithWhom.PERSON}
    reads = ContactRecorded(occurred_at=at, by="SIAN", mode=Mode.HOME, note="Her mother was there.", **person)
    event = EntryCorrected(occurred_at=at, by="SIAN", entry=7, reads=reads, reason="I mixed two people up.")
    bare, texts = take_texts(event)
    assert texts == {"reason": "I mixed two people up.", "reads.note": "Her mother was there."}
    assert isinstance(bare, EntryCorrected)
    assert (bare.reason, bare.reads.note) == ("", "")
    assert put_texts(bare, texts) == event


def test_an_event_without_personal_text_is_left_as_it_is() -> None:
    event = CaseOpened(occurred_at=datetime(2026, 3, 11, tzinfo=UTC), by="SIAN", crn="X000001", person_id=UUID(int=1))
    bare, texts = take_texts(event)
    assert bare is event
    assert texts == {}
    assert put_texts(event, {}) is event
