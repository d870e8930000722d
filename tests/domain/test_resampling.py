"""What changes in a sample after its draw: replacements in the order of drawing, and cases that it is widened by."""

from domain.fieldwork import name_inspector, publish, share_cases
from domain.resampling import ReplacementReason, WideningReason, replace_case, widen
from domain.sampling import draw_order
from tests.inspecting import LEAD, OTHER, Inspected, drawn, refused

LIMITED, CONCERN = ReplacementReason.LIMITED, WideningReason.CONCERN
FRAME = tuple(f"X{n:06d}" for n in range(1, 13))


def some() -> Inspected:
    """Of twelve cases of one stratum, seven: 80% confidence and a margin of 15 points ask for no more."""
    inspected = drawn({"all cases": FRAME}, margin=0.15)
    inspected.do(name_inspector, inspector=OTHER)
    inspected.do(share_cases)
    return inspected


def test_a_case_that_cannot_be_inspected_is_replaced_by_the_next_in_the_order_of_drawing() -> None:
    inspected = some()
    order = draw_order(FRAME, inspected.state.seed)
    n = len(inspected.state.sample)
    assert 1 < n < 11
    assert list(inspected.state.sample) == order[:n]
    inspected.do(replace_case, by=OTHER, crn=order[1], reason=LIMITED)
    inspected.do(replace_case, by=OTHER, crn=order[n], reason=ReplacementReason.DIED)
    assert inspected.state.replaced == {order[1]: order[n], order[n]: order[n + 1]}
    assert set(inspected.state.sample) == {*order[:n], order[n + 1]} - {order[1]}


def test_whoever_read_the_case_reads_the_one_in_its_place() -> None:
    inspected = some()
    gone = next(ref for ref, reader in inspected.state.readers.items() if reader == OTHER)
    inspected.do(replace_case, by=LEAD, crn=gone, reason=LIMITED)
    assert gone not in inspected.state.readers
    assert inspected.state.readers[inspected.state.replaced[gone]] == OTHER


def test_a_case_is_replaced_only_while_its_stratum_has_another() -> None:
    inspected = drawn()
    assert refused(inspected, replace_case, "No case of this stratum is left", crn="X000003", reason=LIMITED) == "reason"
    assert refused(inspected, replace_case, "not in the sample", crn="X000009", reason=LIMITED) == "reason"


def test_a_case_outside_the_sample_is_inspected_too_by_whoever_asked_for_it() -> None:
    inspected = some()
    outside = next(ref for ref in FRAME if ref not in inspected.state.sample)
    inspected.do(widen, by=OTHER, crn=outside, provider="C10", reason=CONCERN)
    assert inspected.state.widened == (outside,)
    assert outside not in inspected.state.sample
    assert inspected.state.readers[outside] == OTHER
    assert refused(inspected, widen, "inspected already", crn=outside, provider="C10", reason=CONCERN) == "crn"


def test_a_case_of_another_provider_is_no_widening() -> None:
    assert refused(some(), widen, "has no case with this reference", crn="X000099", provider="N03", reason=CONCERN) == "crn"


def test_a_case_that_the_sample_was_widened_by_may_still_come_into_it_in_its_turn() -> None:
    inspected = some()
    order = draw_order(FRAME, inspected.state.seed)
    following = order[len(inspected.state.sample)]
    inspected.do(widen, by=OTHER, crn=following, provider="C10", reason=CONCERN)
    gone = next(ref for ref, reader in inspected.state.readers.items() if reader == LEAD)
    inspected.do(replace_case, crn=gone, reason=LIMITED)
    assert inspected.state.widened == ()
    assert following in inspected.state.sample
    assert inspected.state.readers[following] == OTHER


def test_what_is_published_stands() -> None:
    inspected = some()
    inspected.do(publish)
    case = next(iter(inspected.state.sample))
    refused(inspected, replace_case, "its sample stands", crn=case, reason=LIMITED)
    refused(inspected, widen, "its sample stands", crn="X000099", provider="C10", reason=CONCERN)


def test_whoever_takes_no_part_changes_nothing() -> None:
    inspected = some()
    case = next(iter(inspected.state.sample))
    refused(inspected, replace_case, "Only an inspector who takes part", by="HMI0009", crn=case, reason=LIMITED)
    refused(inspected, widen, "Only an inspector who takes part", by="HMI0009", crn="X000099", provider="C10", reason=CONCERN)
