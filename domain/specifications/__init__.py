"""Ready-made specifications of samples, a file a version, the newest in force: where an inspector begins, and may choose otherwise."""

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib import resources

import msgspec

from domain.organisation import ProviderKind
from domain.policy import Sourced
from domain.sentence import SentenceKind
from domain.specification import Exclusion, Specification, Stratum


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """A ready-made specification. The window of commencement is told in whole weeks before the announcement; `sources` say of each value
    where it comes from."""

    name: str
    version: str
    title: str
    of: ProviderKind
    kinds: tuple[SentenceKind, ...]
    weeks_from: int
    weeks_to: int
    exclusions: tuple[Exclusion, ...]
    strata: tuple[Stratum, ...]
    sources: Mapping[str, Sourced]

    def of_provider(self, provider: str, announced_on: date) -> Specification:
        """What it asks for of one provider whose inspection was announced on a day."""
        return Specification(
            provider=provider,
            began_from=announced_on - timedelta(weeks=self.weeks_from),
            began_to=announced_on - timedelta(weeks=self.weeks_to),
            kinds=tuple(kind.value for kind in self.kinds),
            exclusions=self.exclusions,
            strata=self.strata,
            ready=self.name,
            version=self.version,
        )


def read_specifications(text: str) -> tuple[Ready, ...]:
    """The specifications in `text` (TOML), in its order. Raises msgspec.ValidationError when a value is missing or of another kind."""
    raw = tomllib.loads(text)
    version = raw.pop("version")
    return tuple(_ready(name, version, told) for name, told in raw.items())


def _ready(name: str, version: str, told: dict[str, object]) -> Ready:
    sources = {field: msgspec.convert(value, Sourced) for field, value in told.items() if isinstance(value, dict)}
    plain = {field: value for field, value in told.items() if field not in sources}
    values = {field: sourced.value for field, sourced in sources.items()}
    return msgspec.convert({**plain, **values, "name": name, "version": version, "sources": sources}, Ready)


@cache
def ready_made() -> tuple[Ready, ...]:
    """Those of the newest version."""
    files = [file for file in resources.files(__name__).iterdir() if file.name.endswith(".toml")]
    newest = max(files, key=lambda file: [int(part) for part in file.name.removesuffix(".toml").split("-")])
    return read_specifications(newest.read_text("utf-8"))
