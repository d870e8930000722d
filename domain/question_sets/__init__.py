"""The question sets that come with the service: a file each and version, read with the same checks as any other."""

from functools import cache
from importlib import resources

from domain.question_set import QuestionSet, read_question_set


def texts() -> dict[str, str]:
    """The text of every file by its name, in the order of their names."""
    files = (file for file in resources.files("domain.question_sets").iterdir() if file.name.endswith(".toml"))
    return {file.name: file.read_text("utf-8") for file in sorted(files, key=lambda file: file.name)}


@cache
def shipped() -> tuple[QuestionSet, ...]:
    """Every shipped question set, in the order of the first standard of each."""
    return tuple(sorted(map(read_question_set, texts().values()), key=lambda one: (one.standards[0].number, one.version)))
