"""A mapping file says, in TOML, how one source's columns and values become ours."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from domain.contact import KINDS, Mode, Privacy
from domain.evidence import Evidence
from domain.organisation import ProviderKind
from domain.outcome import OUTCOMES
from domain.register import REGISTERS
from domain.requirement import RequirementKind
from domain.risk import Rosh
from domain.sentence import SentenceKind
from store.imports.on_register import on_register

T = TypeVar("T", bound=msgspec.Struct)
Words = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]
OneCharacter = Annotated[str, Meta(min_length=1, max_length=1)]


class ImportProblem(Exception):
    """Nothing can be imported, in words that say why and what to do."""


class ProviderMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is answerable for the imported cases; registered if it is not yet."""

    code: Words
    name: str
    kind: Literal["CRC", "NPS"]

    @property
    def registered_as(self) -> ProviderKind:
        return ProviderKind[self.kind]


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which column of the source says what; an empty name: no column does."""

    case: str
    occurred: str
    worker: str = ""
    allocated: str = ""
    allocated_team: str = ""
    team: str = ""
    mode: str = ""
    kind: str = ""
    recorded: str = ""
    note: str = ""
    row_id: str = ""
    provider: str = ""
    privacy: str = ""
    outcome: str = ""
    second: str = ""
    requirement: str = ""
    evidence: str = ""
    evidence_accepted: str = ""
    sentence: str = ""
    sentence_start: str = ""
    sentence_end: str = ""
    requirements: str = ""
    rosh: str = ""
    rosh_on: str = ""
    registers: str = ""
    language: str = ""
    interpreter: str = ""


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping file; `store/imports/example.toml` explains every setting."""

    source: Words
    provider: ProviderMapping
    columns: Columns
    case_prefix: Annotated[str, Meta(max_length=32)] = ""
    delimiter: OneCharacter = ","
    encoding: Literal["utf-8", "windows-1252"] = "utf-8"
    time_zone: str = "Europe/London"
    time_formats: tuple[str, ...] = ()
    strict: bool = True
    default_mode: Mode = Mode.OTHER
    default_kind: str = "OTHR"
    default_team: str = ""
    nobody: frozenset[str] = frozenset()
    no_team: frozenset[str] = frozenset()
    providers: dict[str, ProviderMapping] = {}
    """Other providers, by what the source calls them; a case is the first provider's unless a row says another."""
    modes: dict[str, Mode] = {}
    kinds: dict[str, str] = {}
    privacies: dict[str, Privacy] = {}
    outcomes: dict[str, str] = {}
    evidence: dict[str, Evidence] = {}
    yes: frozenset[str] = frozenset({"yes", "Yes", "Y", "true", "1"})
    no: frozenset[str] = frozenset({"no", "No", "N", "false", "0", "none", "None"})
    sentences: dict[str, SentenceKind] = {}
    requirements: dict[str, RequirementKind] = {}
    rosh: dict[str, Rosh] = {}
    registers: dict[str, str] = {}
    languages: dict[str, str] = {}


def shipped_mappings() -> list[str]:
    """The names of the mapping files that come with Throughline."""
    files = resources.files("store").joinpath("imports").iterdir()
    return sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))


def mapping_text(path: Path | str) -> str:
    """The text of a mapping file, or of the shipped one of that name. Raises ImportProblem."""
    shipped = resources.files("store").joinpath("imports", f"{path}.toml")
    try:
        if not Path(path).exists() and str(path) in shipped_mappings():
            return shipped.read_text("utf-8")
        return Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise ImportProblem(f"The mapping file {path} cannot be read: {e}") from e


def load_settings(path: Path | str, kind: type[T]) -> T:
    """A settings file as a struct. Raises ImportProblem on anything that is unknown, missing or of another type."""
    try:
        return msgspec.convert(tomllib.loads(mapping_text(path)), kind)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as e:
        raise ImportProblem(f"The mapping file {path} is not right: {e}") from e


def read_mapping(path: Path | str) -> Mapping:
    """A mapping file, or the shipped one of that name, checked. Raises ImportProblem."""
    mapping = load_settings(path, Mapping)
    if wrong := _wrong(mapping):
        raise ImportProblem(f"The mapping file {path} is not right: {wrong}")
    return mapping


def _wrong(mapping: Mapping) -> str:
    """What a mapping says that types alone do not forbid."""
    for code in (mapping.default_kind, *mapping.kinds.values()):
        if code not in KINDS:
            return f"“{code}” is not a kind of contact of ours. Choose from {', '.join(KINDS)}."
    for outcome in mapping.outcomes.values():
        if outcome not in OUTCOMES:
            return f"“{outcome}” is not an outcome of ours. Choose from {', '.join(OUTCOMES)}."
    for register in mapping.registers.values():
        try:
            on_register(register)
        except ValueError as e:
            return f"{e} The registers are {', '.join(REGISTERS)}."
    if mapping.delimiter in '"\r\n':
        return "the delimiter cannot be a quote or a line end."
    if not mapping.columns.case or not mapping.columns.occurred:
        return "columns.case and columns.occurred must name a column."
    return wrong_time_zone(mapping.time_zone)


def wrong_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return f"there is no time zone “{name}”."
    return ""
