"""What is done about failures to attend or comply: a reason awaited and decided, a warning, breach or recall, or nothing."""

from functools import partial

from domain.appointment import OutcomeRecorded
from domain.breach import Route
from domain.enforcement import take_enforcement_action
from domain.evidence import Evidence, await_evidence, decide_evidence, failures, is_failure, outcome_of, standing_entries
from domain.ladder import Finding, Step, enforced
from domain.recall import RecallDecision, decide_recall, recalls, request_recall
from domain.remembered import Phase
from web.synthetic import breaches, phases, reasons
from web.synthetic.draws import one_of
from web.synthetic.life import Life
from web.synthetic.parameters import POPULATION

NUMBERS = POPULATION.enforcement


def answer(life: Life, failure: int) -> None:
    """Somebody has just recorded a failure: its reason is still to be heard, or it stands and is followed up."""
    undecided = outcome_of(life.case.entries[failure]) == "AFTA"
    if undecided or (isinstance(life.case.entries[failure], OutcomeRecorded) and life.chance(NUMBERS.evidence_asked)):
        life.do(await_evidence, now=life.now, by=life.worker(), policy=life.policy, failure=failure)
        if not life.neglected(NUMBERS.evidence_undecided):
            days = NUMBERS.evidence_days.days(life.rng, life.unit.neglect)
            life.at(life.in_days(days), partial(_decide, life, failure))
    elif not life.neglected(NUMBERS.unanswered):
        days = NUMBERS.answered_days.days(life.rng, life.unit.neglect)
        life.at(life.in_working_days(days), partial(_follow_up, life, failure))


def _stands(life: Life, failure: int) -> bool:
    """Whether the entry has neither been withdrawn nor corrected to something else."""
    return is_failure(outcome_of(life.case.entries.get(failure)))


def _decide(life: Life, failure: int) -> None:
    """What was shown, and whether it is good enough."""
    if not _stands(life, failure):
        return
    accepted = life.chance(NUMBERS.evidence_accepted)
    _say(life, failure, accepted)
    if life.chance(NUMBERS.changed_mind):
        life.at(life.in_days(life.rng.randint(5, 30)), partial(_turn_round, life, failure, not accepted))
    if not accepted:
        life.at(life.in_working_days(life.rng.randint(0, 3)), partial(_follow_up, life, failure))


def _say(life: Life, failure: int, accepted: bool) -> None:
    shown = life.rng.choice(
        (Evidence.MEDICAL, Evidence.EMPLOYER, Evidence.FAMILY, Evidence.COURT) if accepted else (Evidence.NOTHING, Evidence.ACCOUNT)
    )
    reason = life.rng.choice(reasons.ACCEPTED if accepted else reasons.NOT_ACCEPTED)
    by = life.worker()
    life.do(decide_evidence, now=life.now, by=by, policy=life.policy, failure=failure, evidence=shown, accepted=accepted, reason=reason)


def _turn_round(life: Life, failure: int, accepted: bool) -> None:
    if _stands(life, failure):
        _say(life, failure, accepted)


def _licence(life: Life) -> list[int]:
    return [number for number in life.running() if life.case.stages[number].phase is Phase.LICENCE]


def _findings(life: Life, failure: int) -> list[Finding]:
    """What the rules make possible about this failure."""
    route = Route.CRC if life.unit.is_crc else Route.NPS
    licence = bool(life.running()) and _licence(life) == life.running()
    found = enforced(standing_entries(life.case), life.policy, route=route, licence=licence).findings
    return [finding for finding in found if finding.about[0] == failure]


def _follow_up(life: Life, failure: int) -> None:
    """Take the step that the ladder leads to, or another with a reason, or none."""
    for finding in _findings(life, failure) if _stands(life, failure) else ():
        if finding.step is Step.REFER:
            _second(life, failure)
        elif finding.step is Step.FOLLOW_UP and breaches.under_way(life):
            _act(life, "BIP", failure, "A breach is under way; told those who take it to court.")
        elif finding.step is Step.FOLLOW_UP:
            _under_licence(life, failure)
        elif finding.step is Step.WARN and life.chance(NUMBERS.warned):
            _act(life, "EA02", failure, life.rng.choice(reasons.WARNED) if breaches.were(life) or life.chance(0.4) else "")
        elif finding.step is Step.WARN:
            _act(life, "NFA", failure, life.rng.choice(reasons.NO_ACTION))


def _act(life: Life, action: str, failure: int, reason: str) -> None:
    by = life.worker()
    life.do(take_enforcement_action, now=life.now, by=by, policy=life.policy, action=action, failures=(failure,), reason=reason)


def _second(life: Life, failure: int) -> None:
    """A failure after a warning: breach, or a reason why not."""
    if life.chance(NUMBERS.breached) and not _licence(life):
        days = NUMBERS.referred_days.days(life.rng, life.unit.neglect)
        life.at(life.in_working_days(days), partial(_refer, life, failure))
    else:
        _act(life, life.rng.choice(("EA03", "EA04", "EA04", "NFA")), failure, life.rng.choice(reasons.NO_BREACH))


def _refer(life: Life, failure: int) -> None:
    if _stands(life, failure) and any(finding.step is Step.REFER for finding in _findings(life, failure)):
        breaches.refer(life, failure, failures(standing_entries(life.case), life.policy))


def _under_licence(life: Life, failure: int) -> None:
    waiting = any(not recall.decided for recall in recalls(standing_entries(life.case)))
    if life.chance(NUMBERS.recalled) and not waiting and not life.is_away() and not life.plan.part:
        sentence = _licence(life)[0]
        reason = life.rng.choice(reasons.RECALLED)
        life.do(request_recall, now=life.now, by=life.worker(), sentence=sentence, failures=(failure,), reason=reason)
        life.at(life.in_working_days(life.rng.randint(0, 2)), partial(_decide_recall, life, sentence))
    else:
        _act(life, life.rng.choice(("EA02", "EA05", "LCL")), failure, life.rng.choice(reasons.WARNED))


def _decide_recall(life: Life, sentence: int) -> None:
    decision = RecallDecision(one_of(life.rng, NUMBERS.recall_decisions))
    life.do(decide_recall, now=life.now, by=life.manager, decision=decision)
    if decision is not RecallDecision.NOT_RECALLED:
        phases.back_to_prison(life, sentence, decision)
