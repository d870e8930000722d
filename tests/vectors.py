"""Published and independently computed values that nobody here wrote, read in place; empty where they do not lie beside the repository."""

import csv
import json
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).resolve().parents[2] / "shared" / "data" / "vectors"


DATA = VECTORS.parent


def table(name: str) -> list[dict[str, str]]:
    """The rows of a file of values; lines that begin with # are notes."""
    file = VECTORS / name
    lines = [line for line in file.read_text("utf-8").splitlines() if not line.startswith("#")] if file.exists() else []
    return list(csv.DictReader(lines))


def document(name: str) -> dict[str, Any]:
    file = VECTORS / name
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def proofs(name: str) -> list[dict[str, Any]]:
    """Proofs of a transparency log's own tests, those to be accepted and those to be refused."""
    file = DATA / "merkle" / name
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8")) if file.exists() else []
    return found
