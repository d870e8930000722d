"""What a row says of its case becomes entries: what is new in it, by the commands that officers use."""

from domain.event import Refused
from domain.person import record_details
from domain.policy import Policy
from domain.register import deregister, register, review_registration
from domain.requirement import amend_requirement, impose_requirement
from domain.risk import assess_rosh
from domain.sentence import amend_sentence, start_sentence
from store.imports.appending import CaseRefused
from store.imports.course import Course
from store.imports.facts import CaseFacts, Sentenced, start_of
from store.imports.on_register import OnRegister
from store.imports.rows import Row

NOT_LISTED = "The source no longer lists it."
OTHER_LEVEL = "The source gives another level or category."


def bring_facts(course: Course, row: Row, policy: Policy) -> None:
    """What the row says of its case, where it differs from what the source said before. Raises CaseRefused."""
    facts = row.of_case
    try:
        sentence = _sentence(course, row, facts.sentence, facts) if facts.sentence else 0
        if facts.requirements:
            _requirements(course, row, sentence)
        if facts.rosh:
            _rosh(course, row, policy)
        if facts.registers is not None and not course.said.is_older("registers", row.occurred):
            _registers(course, row, facts.registers, policy)
        if facts.language or facts.interpreter:
            _details(course, row)
    except Refused as e:
        raise CaseRefused(row.row, e.message) from e


def _sentence(course: Course, row: Row, said: Sentenced, facts: CaseFacts) -> int:
    """The entry number of the sentence that the row speaks of."""
    known = course.said.sentences.get((said.kind, said.started_on))
    if known is None:
        return course.carry_out(
            start_sentence,
            row,
            kind=said.kind,
            expected_end_on=said.ends_on,
            started_at=start_of(said.started_on),
            requirements=facts.requirements,
        )
    if course.said.ends.get(known, said.ends_on) != said.ends_on and not course.said.is_older("sentence", row.occurred):
        course.carry_out(amend_sentence, row, sentence=known, expected_end_on=said.ends_on, amended_at=row.occurred)
    return known


def _requirements(course: Course, row: Row, sentence: int) -> None:
    """Each that is not there yet is imposed, each whose amount has changed is amended; one that is no longer listed stays."""
    case, said = course.case, course.said
    sentence = sentence or next((number for number in reversed(case.sentences) if case.sentences[number] is None), 0)
    if not sentence:
        raise Refused("Requirements are given, and the case has no sentence that orders them.")
    for kind, amount in row.of_case.requirements:
        there = [n for n, r in case.requirements.items() if (r.sentence, r.kind) == (sentence, kind)]
        if not there:
            course.carry_out(impose_requirement, row, sentence=sentence, kind=kind, amount=amount, imposed_at=row.occurred)
        elif said.amounts.get(there[-1], amount) != amount and not said.is_older("requirements", row.occurred):
            course.carry_out(amend_requirement, row, requirement=there[-1], amount=amount, amended_at=row.occurred)


def _rosh(course: Course, row: Row, policy: Policy) -> None:
    """An assessment on its day; where the source gives no day, a change of level at the time of the row."""
    said, facts = course.said, row.of_case
    assert facts.rosh is not None
    if facts.rosh_on:
        known = (facts.rosh, facts.rosh_on) in said.assessed
    else:
        known = facts.rosh is said.rosh or said.is_older("rosh", row.occurred)
    if not known:
        course.carry_out(
            assess_rosh,
            row,
            policy=policy,
            level=facts.rosh,
            rationale="",
            assessed_at=start_of(facts.rosh_on) if facts.rosh_on else row.occurred,
        )


def _registers(course: Course, row: Row, listed: tuple[OnRegister, ...], policy: Policy) -> None:
    case, before = course.case, dict(course.said.registers)
    standing = {registration.register: number for number, registration in case.registrations.items()}
    for each in listed:
        there = standing.get(each.register)
        if each.register not in before and there is None:
            course.carry_out(
                register, row, policy=policy, register=each.register, level=each.level, category=each.category, registered_at=row.occurred
            )
        elif there is not None and before.get(each.register, each) != each:
            course.carry_out(
                review_registration,
                row,
                policy=policy,
                registration=there,
                level=each.level,
                category=each.category,
                note=OTHER_LEVEL,
                reviewed_at=row.occurred,
            )
    for gone in sorted((before.keys() - {each.register for each in listed}) & standing.keys()):
        course.carry_out(deregister, row, registration=standing[gone], reason=NOT_LISTED, ended_at=row.occurred)


def _details(course: Course, row: Row) -> None:
    """Language and interpreter, unless somebody of the service has asked the person: that stands."""
    said, facts = course.said, row.of_case
    details = facts.language or "English", facts.interpreter
    if not said.details_by_hand and said.details != details and not said.is_older("details", row.occurred):
        course.carry_out(record_details, row, language=details[0], interpreter=details[1], said_at=row.occurred)
