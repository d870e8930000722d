"""Instructions to attend unpaid work: a legal act that says what work to do, where and when, and why when it is not the first."""

from datetime import datetime, timedelta
from enum import StrEnum

from domain.case import Case, must_be_open, must_have_happened, remembers
from domain.event import Event, Personal, Refused
from domain.remembered import Instruction, UnpaidWork
from domain.unpaid_work import must_follow_the_order, must_still_be_worked
from domain.words import said
from domain.working_days import local_day


class InstructionKind(StrEnum):
    FIRST = said("first")
    AGAIN = said("re-instruction")


class InstructionMethod(StrEnum):
    HAND = said("by hand")
    POST = said("by post")
    TEXT = said("by text")


class InstructedAgain(StrEnum):
    """Why a person who has been instructed before is instructed again."""

    ABSENCE = said("after an absence")
    STOOD_DOWN = said("stood down by the provider")
    PROJECT = said("change of project")
    LIFTED = said("suspension lifted")
    OTHER = said("another reason")


class LetterLanguage(StrEnum):
    ENGLISH = said("English")
    WELSH = said("Welsh")


class AcknowledgedBy(StrEnum):
    SIGNATURE = said("signature")
    WORD = said("in person")
    PHONE = said("by phone")
    MESSAGE = said("by text or email")


class UpwInstructed(Event, frozen=True, tag="upw-instructed"):
    """A legal act: the person is told what work to do and when. `batch` joins instructions issued together.

    `supersedes` is the instruction whose place this one takes. What is said of work, transport and clothing is about the project.
    """

    requirement: int
    kind: InstructionKind
    project: str
    work_at: datetime
    method: InstructionMethod
    batch: str = ""
    reason: Personal = ""
    why: InstructedAgain | None = None
    ends_at: datetime | None = None
    work_type: str = ""
    transport: str = ""
    clothing: str = ""
    language: LetterLanguage | None = None
    supersedes: int = 0


class InstructionAcknowledged(Event, frozen=True, tag="upw-instruction-acknowledged"):
    """The person confirmed that they have the instruction."""

    instruction: int
    how: AcknowledgedBy


@remembers(UpwInstructed)
def _instructed(case: Case, number: int, event: UpwInstructed) -> None:
    if work := case.unpaid_work.get(event.requirement):
        work.instructions[number] = Instruction(event.occurred_at)
        if earlier := work.instructions.get(event.supersedes):
            earlier.superseded = True


@remembers(InstructionAcknowledged)
def _acknowledged(case: Case, number: int, event: InstructionAcknowledged) -> None:
    if instruction := _instruction(case, event.instruction):
        instruction.acknowledged = True


def _instruction(case: Case, number: int) -> Instruction | None:
    return next((work.instructions[number] for work in case.unpaid_work.values() if number in work.instructions), None)


def standing_instruction(work: UnpaidWork) -> int:
    """The latest instruction that no other has taken the place of; 0 when there is none."""
    return max((number for number, instruction in work.instructions.items() if not instruction.superseded), default=0)


def instruct_upw(
    case: Case,
    *,
    now: datetime,
    by: str,
    requirement: int,
    project: str,
    work_at: datetime,
    method: InstructionMethod,
    batch: str = "",
    why: InstructedAgain = InstructedAgain.OTHER,
    reason: str = "",
    ends_at: datetime | None = None,
    work_type: str = "",
    transport: str = "",
    clothing: str = "",
    language: LetterLanguage | None = None,
    supersedes: int = 0,
    issued_at: datetime | None = None,
) -> list[Event]:
    """Instruct the person to attend; any instruction after the first says why. Not told when it was issued, it is issued now."""
    work = must_still_be_worked(case, requirement)
    issued = issued_at or now
    must_have_happened(issued, now, "issued_at")
    must_follow_the_order(work, issued, "issued_at")
    if work.is_suspended:
        raise Refused(said("The work is suspended. Lift the suspension before you instruct the person."), "requirement")
    _must_be_ahead(work_at, ends_at, issued, now)
    if not project.strip():
        raise Refused(said("Enter the project."), "project")
    again = bool(work.instructions)
    if again and why is InstructedAgain.OTHER and not reason.strip():
        raise Refused(said("Enter why the person is instructed again."), "reason")
    if supersedes and (supersedes not in work.instructions or work.instructions[supersedes].superseded):
        raise Refused(said("Select an instruction that still stands."), "supersedes")
    return [
        UpwInstructed(
            occurred_at=issued,
            by=by,
            requirement=requirement,
            kind=InstructionKind.AGAIN if again else InstructionKind.FIRST,
            project=project.strip(),
            work_at=work_at,
            method=method,
            batch=batch,
            reason=reason,
            why=why if again else None,
            ends_at=ends_at,
            work_type=work_type.strip(),
            transport=transport.strip(),
            clothing=clothing.strip(),
            language=language,
            supersedes=supersedes,
        )
    ]


def _must_be_ahead(work_at: datetime, ends_at: datetime | None, issued: datetime, now: datetime) -> None:
    """A person is told before the work, and the work ends after it starts, within a day."""
    if work_at <= issued:
        told = said("The work must be in the future.") if issued == now else said("The work must be after the instruction was given.")
        raise Refused(told, "work_at")
    if ends_at is not None and not timedelta() < ends_at - work_at < timedelta(days=1):
        raise Refused(said("The finish must be after the start, on the same day."), "ends_at")


def acknowledge_instruction(
    case: Case, *, now: datetime, by: str, instruction: int, how: AcknowledgedBy, acknowledged_at: datetime | None = None
) -> list[Event]:
    """Record that the person confirmed an instruction, once."""
    must_be_open(case)
    happened = acknowledged_at or now
    must_have_happened(happened, now, "acknowledged_at")
    found = _instruction(case, instruction)
    if found is None:
        raise Refused(said("There is no such instruction in this case."), "instruction")
    if found.acknowledged:
        raise Refused(said("This instruction has been acknowledged already."), "instruction")
    if happened < found.issued_at:
        raise Refused(said("The instruction was issued on {day}. Enter a later time.", day=local_day(found.issued_at)), "acknowledged_at")
    return [InstructionAcknowledged(occurred_at=happened, by=by, instruction=instruction, how=how)]
