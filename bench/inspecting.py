"""An inspection of the largest provider, taken through the pages: counting and fixing its frame, drawing, and replaying a drawn case."""

from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter

from bench.data import largest_provider
from bench.results import Line, latency, timed
from bench.stage import Stage
from bench.visitor import Missing, Visitor
from domain.inspection import commitment_to, inspection_id
from domain.sentence import SentenceKind
from projections.inspections import course
from projections.story import Story
from web.session import OUTSIDERS

LEAD = next(person.code for person in OUTSIDERS if person.code.startswith("HMI"))
NONCE = bytes(32)
WINDOW = timedelta(days=400)
"""Wide, so that a small record has cases in it too."""
LOOKS = (("step by step", ""), ("decisions", "/decisions"), ("differences", "/differences"), ("through time", "/through-time"))


def run(stage: Stage) -> list[Line]:
    lead, loaded = Visitor(stage.live, LEAD), stage.loaded
    with loaded.read_side.reading() as conn:
        provider, open_cases = largest_provider(conn)
        earlier = conn.execute("select reference from inspection order by announced_at limit 1").fetchone()
    here = _sent(lead, "/inspections/new", provider=provider, title="Bench").rsplit("?", 1)[0]
    _sent(lead, f"{here}/nonce", commitment=commitment_to(NONCE))
    count = _asked(lead, "counting the frame", f"{here}/frame", stage, f"{open_cases:,} open cases")
    fixing = _once(lead, "fixing it", f"{here}/frame", kinds=[*SentenceKind], began_from=f"{loaded.until - WINDOW:%-d %B %Y}")
    drawing = _once(lead, "drawing the sample", f"{here}/sample", nonce=NONCE.hex())
    told = course(Story(loaded.record.history(inspection_id(here.rsplit("/", 1)[1]))))
    replay = f"{here}/cases/{next(iter(told.now.sample))}/replay"
    looks = [_asked(lead, f"replay: {what}", f"{replay}{address}", stage, "the first case that was drawn") for what, address in LOOKS]
    since = [_asked(lead, "since the announcement", f"/inspections/{earlier[0]}/since", stage, earlier[0])] if earlier else []
    return [count, fixing, drawing, *looks, *since]


def _asked(visitor: Visitor, what: str, address: str, stage: Stage, note: str) -> Line:
    address, size = visitor.end_of(address)
    found = latency(timed(lambda: visitor.get(address), 20 if stage.quick else 50))
    return Line(bench="inspecting", what=what, ours=str(found), note=f"{note}; {size / 1024:.0f} kB", figures=found.figures("ours"))


def _once(visitor: Visitor, what: str, address: str, **given: str | Sequence[str]) -> Line:
    start = perf_counter()
    _sent(visitor, address, **given)
    taken = perf_counter() - start
    return Line(bench="inspecting", what=what, ours=f"{taken:.2f} s", note="the form, its answer", figures={"seconds": taken})


def _sent(visitor: Visitor, address: str, **given: str | Sequence[str]) -> str:
    """Where a form leads that was sent as it was offered, but for what is given."""
    form = {**visitor.form(address), **given}
    answer = visitor.client.post(address, data=form)
    if answer.status_code != 303:
        raise Missing(f"{address} answers {answer.status_code} to its own form")
    return answer.location
