"""Limited access: people who may not see a case, or who alone may; a case that is hidden from somebody does not exist for them."""

from collections.abc import Iterable
from datetime import datetime

from domain.access import Limit, LimitKind, is_hidden_from
from domain.case import Case, must_exist, remembers
from domain.contact import must_say_why
from domain.event import Event, Personal, Refused
from domain.words import said


class ExclusionSet(Event, frozen=True, tag="exclusion-set"):
    """`practitioner` may not see the case, for instance because the person is a relative. `message` is for those who may."""

    practitioner: str
    since: datetime
    until: datetime | None = None
    reason: Personal = ""
    message: Personal = ""


class ExclusionEnded(Event, frozen=True, tag="exclusion-ended"):
    exclusion: int
    reason: Personal = ""


class RestrictionSet(Event, frozen=True, tag="restriction-set"):
    """`practitioner` is one of the few who may see the case; while any restriction holds, nobody else does."""

    practitioner: str
    since: datetime
    until: datetime | None = None
    reason: Personal = ""
    message: Personal = ""


class RestrictionEnded(Event, frozen=True, tag="restriction-ended"):
    restriction: int
    reason: Personal = ""


@remembers(ExclusionSet)
def _excluded(case: Case, number: int, event: ExclusionSet) -> None:
    case.limits[number] = Limit(LimitKind.EXCLUSION, event.practitioner, event.since, event.until)


@remembers(RestrictionSet)
def _restricted(case: Case, number: int, event: RestrictionSet) -> None:
    case.limits[number] = Limit(LimitKind.RESTRICTION, event.practitioner, event.since, event.until)


@remembers(ExclusionEnded)
def _exclusion_ended(case: Case, number: int, event: ExclusionEnded) -> None:
    case.limits.pop(event.exclusion, None)


@remembers(RestrictionEnded)
def _restriction_ended(case: Case, number: int, event: RestrictionEnded) -> None:
    case.limits.pop(event.restriction, None)


def may_see(case: Case, practitioner: str, at: datetime) -> bool:
    """Whether no limit that holds then keeps the case from this practitioner."""
    return not is_hidden_from(practitioner, (limit for limit in case.limits.values() if limit.holds_at(at)))


def must_be_able_to_see(case: Case, practitioner: str, at: datetime, field: str = "practitioner") -> None:
    """Nobody is made responsible for a case that is hidden from them."""
    if not may_see(case, practitioner, at):
        raise Refused(said("Access to the case is limited, and this practitioner may not see it."), field)


def exclude(
    case: Case,
    *,
    now: datetime,
    by: str,
    practitioner: str,
    reason: str,
    message: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Event]:
    """Keep the case from one practitioner. Whoever holds or covers it is not excluded: it would be left alone."""
    must_exist(case)
    if not practitioner:
        raise Refused(said("Select who may not see the case."), "practitioner")
    begins = _dates(now, since, until)
    must_say_why(reason)
    if case.allocation is not None and practitioner == case.allocation.practitioner:
        raise Refused(said("This practitioner holds the case. Allocate it to somebody else first."), "practitioner")
    if (cover := case.covered_at(now)) is not None and practitioner == cover.practitioner:
        raise Refused(said("This practitioner covers the case. End the cover first."), "practitioner")
    if _named(case, LimitKind.EXCLUSION, practitioner, begins):
        raise Refused(said("This practitioner is excluded already."), "practitioner")
    return [ExclusionSet(occurred_at=now, by=by, practitioner=practitioner, since=begins, until=until, reason=reason, message=message)]


def restrict(
    case: Case,
    *,
    now: datetime,
    by: str,
    practitioners: tuple[str, ...],
    reason: str,
    message: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[Event]:
    """Name those who alone may see the case. Who holds it, who covers it and who asks must be among them."""
    must_exist(case)
    begins = _dates(now, since, until)
    added = [code for code in dict.fromkeys(practitioners) if code and not _named(case, LimitKind.RESTRICTION, code, begins)]
    if not added:
        raise Refused(said("Select who alone may see the case."), "practitioners")
    must_say_why(reason)
    after = [*case.limits.values(), *(Limit(LimitKind.RESTRICTION, code, begins, until) for code in added)]
    _must_leave_it_open(case, by, after, max(begins, now), "practitioners")
    return [
        RestrictionSet(occurred_at=now, by=by, practitioner=code, since=begins, until=until, reason=reason, message=message)
        for code in added
    ]


def end_exclusion(case: Case, *, now: datetime, by: str, exclusion: int, reason: str) -> list[Event]:
    """Let somebody see the case again, saying why."""
    _standing(case, LimitKind.EXCLUSION, exclusion, now)
    must_say_why(reason)
    return [ExclusionEnded(occurred_at=now, by=by, exclusion=exclusion, reason=reason)]


def end_restrictions(case: Case, *, now: datetime, by: str, restrictions: tuple[int, ...], reason: str) -> list[Event]:
    """Take names off the list of those who alone may see the case; with the last name the restriction is gone."""
    if not restrictions:
        raise Refused(said("Select which restrictions end."), "limit")
    for number in restrictions:
        _standing(case, LimitKind.RESTRICTION, number, now)
    must_say_why(reason)
    after = [limit for number, limit in case.limits.items() if number not in restrictions]
    _must_leave_it_open(case, by, after, now, "limit")
    return [RestrictionEnded(occurred_at=now, by=by, restriction=number, reason=reason) for number in restrictions]


def _dates(now: datetime, since: datetime | None, until: datetime | None) -> datetime:
    begins = since or now
    if until is not None and until <= begins:
        raise Refused(said("The end must be after the start."), "until")
    return begins


def _named(case: Case, kind: LimitKind, practitioner: str, at: datetime) -> bool:
    return any(limit.kind is kind and limit.practitioner == practitioner and limit.holds_at(at) for limit in case.limits.values())


def _standing(case: Case, kind: LimitKind, number: int, now: datetime) -> None:
    must_exist(case)
    found = case.limits.get(number)
    if found is None or found.kind is not kind or (found.until is not None and found.until <= now):
        raise Refused(said("There is no such {kind} to end.", kind=kind), "limit")


def _must_leave_it_open(case: Case, by: str, limits: Iterable[Limit], at: datetime, field: str) -> None:
    """After a change to a restriction the officer, whoever stands in, and whoever makes the change still see the case."""
    holding = [limit for limit in limits if limit.holds_at(at)]
    if case.allocation is not None and case.allocation.practitioner and is_hidden_from(case.allocation.practitioner, holding):
        raise Refused(said("The officer who holds the case must be able to see it."), field)
    if (cover := case.covered_at(at)) is not None and is_hidden_from(cover.practitioner, holding):
        raise Refused(said("The officer who covers the case must be able to see it."), field)
    if is_hidden_from(by, holding):
        raise Refused(said("You would no longer see the case yourself, and could not undo this. Name yourself too."), field)
