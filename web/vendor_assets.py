"""Copy the front-end files that the pages need out of a node_modules directory, cleaned and listed with their hashes.

A developer runs this after installing the pinned packages somewhere temporary and commits the result:

    python -m web.vendor_assets /tmp/somewhere/node_modules
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "web" / "static"
TESTS = ROOT / "tests"

# The images that the components in use ask for; the rest of the style sheet's images are for components we do not use.
IMAGES = ("icon-tag-remove-cross.svg", "icon-tag-remove-cross-white.svg")


class Source(NamedTuple):
    """One file of one package, and how it is cleaned before it is served."""

    package: str
    licence: str
    path: str
    clean: Callable[[str], str]


def as_is(text: str) -> str:
    return text


def clean_script(text: str) -> str:
    return re.sub(r"//# sourceMappingURL=.*", "", text)


def clean_style(text: str) -> str:
    """Take out what belongs to GOV.UK alone (typeface, crest), source maps and images that are not copied."""
    text = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", text)
    text = re.sub(r"@font-face\{[^}]*\}", "", text)
    text = re.sub(r'"?GDS Transport"?,\s*arial,\s*sans-serif', "Arial,Helvetica,sans-serif", text)
    return re.sub(r"url\(/assets/images/([^)]*)\)", image_reference, text)


def image_reference(match: re.Match[str]) -> str:
    """Point at a copied image relative to the style sheet, so that it carries the same fingerprint."""
    name = match.group(1)
    return f"url(images/{name})" if name in IMAGES else "none"


GOVUK, MOJ = "govuk-frontend", "@ministryofjustice/frontend"
SERVED = (
    Source("htmx.org", "0BSD", "dist/htmx.min.js", as_is),
    Source(GOVUK, "MIT", "dist/govuk/govuk-frontend.min.css", clean_style),
    Source(GOVUK, "MIT", "dist/govuk/govuk-frontend.min.js", clean_script),
    Source(MOJ, "MIT", "moj/moj-frontend.min.css", clean_style),
    *(Source(MOJ, "MIT", f"moj/assets/images/{name}", as_is) for name in IMAGES),
)
TESTED = (Source("axe-core", "MPL-2.0", "axe.min.js", as_is),)


def vendor(node_modules: Path, sources: Iterable[Source], into: Path) -> None:
    """Copy every source into a directory and write the list of what was copied beside it."""
    entries = [copy(node_modules, source, into) for source in sources]
    heading = "# Written by web/vendor_assets.py: do not edit by hand, nor the files listed here.\n"
    (into / "VENDORED.toml").write_text(heading + "".join(entries), encoding="utf-8")


def copy(node_modules: Path, source: Source, into: Path) -> str:
    """Copy one file and return its entry in the list."""
    package = node_modules / source.package
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    original = (package / source.path).read_bytes()
    served = source.clean(original.decode("utf-8")).encode("utf-8")
    name = Path(source.path).name
    target = into / "images" / name if name in IMAGES else into / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(served)
    fields = {
        "name": target.relative_to(into).as_posix(),
        "package": source.package,
        "version": version,
        "licence": source.licence,
        "original": source.path,
        "original_sha256": hashlib.sha256(original).hexdigest(),
        "served_sha256": hashlib.sha256(served).hexdigest(),
    }
    return "\n[[file]]\n" + "".join(f'{key} = "{value}"\n' for key, value in fields.items())


def main(arguments: list[str]) -> int:
    """Copy the served and the tested files; say how to use this when the directory is missing."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("Give the node_modules directory that holds the packages", file=sys.stderr)
        return 2
    vendor(Path(arguments[0]), SERVED, STATIC)
    vendor(Path(arguments[0]), TESTED, TESTS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
