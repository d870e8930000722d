"""The policy in force and the versions before it, with the bank holidays of England and Wales that the government publishes."""

from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

from domain.policies import read_version, versions
from domain.policy import Policy


def current_policy() -> Policy:
    """The newest version: what everything is counted under unless an older one is asked for."""
    return policy_of(versions()[-1])


@cache
def policy_of(version: str) -> Policy:
    """A version of the policy. Bank holidays come with the library; the network is not asked. Raises KeyError for an unknown one."""
    calendar = BankHolidays(use_cached_holidays=True)
    days = [holiday["date"] for holiday in calendar.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)]
    return read_version(version, days)
