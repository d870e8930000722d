"""Drawing: a chart's specification becomes an inline picture whose text is text and whose points are links.

Vega-Lite draws it, in a process of its own that starts with the first chart; the same specification is drawn once."""

import atexit
import json
import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from threading import Lock, Timer
from typing import Any
from xml.etree import ElementTree

import msgspec
from markupsafe import Markup, escape

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
ElementTree.register_namespace("", SVG)
HERE = "http://here.invalid"
"""Vega takes an address without a host for one of its own examples, so ours have one while they pass through it."""
KEPT = 200
"""Drawings that are kept, of some 15 KB each."""
PATIENCE = 60.0
"""Seconds after which a drawing that has not come is given up."""
ENVIRONMENT = ("LD_LIBRARY_PATH",)
"""What the drawing process is told of the service's surroundings: where a Python of its own finds its parts."""


class NotDrawn(Exception):
    """The picture could not be made; its figures can still be shown."""


class Draughtsman:
    """The drawing process, started when first needed and again when it has gone."""

    def __init__(self, *command: str) -> None:
        # -P: what lies beside the script is not to be taken for a library.
        self._command = command or (sys.executable, "-P", str(Path(__file__).with_name("draughtsman.py")))
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None

    def draw(self, specification: str) -> str:
        """The SVG of a specification of one line. Raises NotDrawn."""
        with self._lock:
            process = self._running()
            giving_up = Timer(PATIENCE, process.kill)
            giving_up.start()
            try:
                answer = self._ask(process, specification)
            except (OSError, ValueError) as error:
                self.stop()
                raise NotDrawn(f"The drawing process has gone: {error}") from error
            finally:
                giving_up.cancel()
        if "svg" not in answer:
            self.stop()  # what it refused may still be going on in it, and would spoil the next drawing
            raise NotDrawn(answer.get("error", "no drawing"))
        return answer["svg"]

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            # It ends when its input does, so also when the service is killed; and it needs to know nothing that the service knows.
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
            )
        return self._process

    @staticmethod
    def _ask(process: subprocess.Popen[str], specification: str) -> dict[str, str]:
        assert process.stdin is not None
        assert process.stdout is not None
        print(specification, file=process.stdin, flush=True)
        answer: dict[str, str] = json.loads(process.stdout.readline())
        return answer

    def stop(self) -> None:
        """End the process; the next drawing starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


_DRAUGHTSMAN = Draughtsman()
atexit.register(_DRAUGHTSMAN.stop)


def draw(specification: dict[str, Any], *, labelled_by: str, described_by: str) -> Markup:
    """The picture, named and described by elements of the page with these ids. Raises NotDrawn.

    A mark with an `href` (an address of this service) becomes a link, and its `description` the link's words. No `style` attribute and
    no script comes out.
    """
    box, inside, linked = _drawn(msgspec.json.encode(specification, enc_hook=str).decode())
    # The parts of an image cannot be reached one by one, so a picture with links is a group.
    role = "group" if linked else "img"
    return Markup(
        f'<svg class="app-chart__picture" viewBox="{box}" role="{role}"'
        f' aria-labelledby="{escape(labelled_by)}" aria-describedby="{escape(described_by)}">{inside}</svg>'
    )


@lru_cache(maxsize=KEPT)
def _drawn(specification: str) -> tuple[str, str, bool]:
    """The box, the content, and whether there is a link in it."""
    root = ElementTree.fromstring(_DRAUGHTSMAN.draw(specification))
    links = list(root.iter(f"{{{SVG}}}a"))
    for link in links:
        _name(link)
    for element in root.iter():
        for attribute in [a for a in element.attrib if a == "role" or a.startswith("aria-")]:
            del element.attrib[attribute]
        if element.tag == f"{{{SVG}}}text":
            # What it says stands in the description, in the links and in the table; read out alone it is noise.
            element.set("aria-hidden", "true")
    inside = "".join(ElementTree.tostring(part, encoding="unicode") for part in root)
    return root.get("viewBox", ""), inside.replace(f' xmlns="{SVG}"', ""), bool(links)


def _name(link: ElementTree.Element) -> None:
    """Give a link its address and the words of its mark; they are its tip for the mouse as well."""
    address = link.attrib.pop(f"{{{XLINK}}}href")
    if not address.startswith(f"{HERE}/"):
        raise NotDrawn(f"{address} is no address of this service")
    link.set("href", address.removeprefix(HERE))
    words = next((part.get("aria-label", "") for part in link.iter() if "aria-label" in part.attrib), "")
    title = ElementTree.Element(f"{{{SVG}}}title")
    title.text = words
    link.insert(0, title)
