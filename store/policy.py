"""The policy in force, with the bank holidays of England and Wales that the government publishes."""

from functools import cache

from govuk_bank_holidays.bank_holidays import BankHolidays

from domain.policy import Policy, policy_text, read_policy


@cache
def current_policy() -> Policy:
    """The policy file of this release. Bank holidays come with the library; the network is not asked."""
    calendar = BankHolidays(use_cached_holidays=True)
    days = [holiday["date"] for holiday in calendar.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)]
    return read_policy(policy_text(), days)
