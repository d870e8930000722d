"""The specification of an inspection: which cases are eligible, which are left out and why, and by what a sample is divided."""

from datetime import date
from enum import StrEnum

import msgspec

from domain.words import said


class Exclusion(StrEnum):
    """A rule that leaves cases out, by the words of its reason, which the frame counts. Which of them apply the inspector chooses."""

    ONLY_UNPAID_WORK = said("Unpaid work is the only requirement")
    NO_UNPAID_WORK = said("No unpaid work was ordered")
    BACK_IN_CUSTODY = said("Recalled to custody or in custody at present")
    FROM_ELSEWHERE = said("Came from another provider after supervision began")


class Stratum(StrEnum):
    """What a sample is divided by, so that its shares are those of the frame."""

    SEX = said("sex")
    DISPOSAL = said("community or post-custody")
    ROSH = said("risk of serious harm")
    SENTENCE = said("kind of sentence")
    TEAM = said("team")


USUAL_STRATA = (Stratum.SEX, Stratum.DISPOSAL, Stratum.ROSH)
"""Never changed: a specification that was stored with these leaves them out."""


class Specification(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which cases are eligible: of one provider, with a sentence that began in these days and still ran.

    `ready` and `version` name the ready-made specification that it was made from, both empty without one.
    """

    provider: str
    began_from: date
    began_to: date
    kinds: tuple[str, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    strata: tuple[Stratum, ...] = USUAL_STRATA
    ready: str = ""
    version: str = ""
