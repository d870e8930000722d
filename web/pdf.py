"""Letters as a PDF, each from a new page, with the tags by which a screen reader finds its headings, its facts and its language."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path

import msgspec
from flask import Response
from markupsafe import escape
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from web.letters import Letter, Line, Part

FONTS = Path(__file__).resolve().parent / "fonts"
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
MARGIN = 25 * mm
WIDTH = A4[0] - 2 * MARGIN
NAMES = 45 * mm
"""How wide the column of names is, beside their values."""
GAP = 4 * mm
SIGN_WIDTH = 50 * mm


class Tagged(msgspec.Struct):
    """A piece of the pages with its tag: where it is drawn, as the page and its number there."""

    tag: str
    page: int
    number: int


@cache
def _styles() -> dict[Line | str, ParagraphStyle]:
    """How each part looks; the typefaces are read once."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
    text = ParagraphStyle("text", fontName=PLAIN, fontSize=11, leading=16, splitLongWords=1)
    bold = ParagraphStyle("bold", parent=text, fontName=BOLD)
    return {
        Line.TEXT: text,
        Line.TITLE: ParagraphStyle("title", parent=bold, fontSize=17, leading=22),
        Line.HEADING: ParagraphStyle("heading", parent=bold, fontSize=13, leading=18),
        "name": bold,
    }


TAGS = {Line.TITLE: "H1", Line.HEADING: "H2"}


class Pages:
    """Pages as they are written from the top, and what is on them in the order of reading."""

    def __init__(self, title: str, code: str) -> None:
        self.made = BytesIO()
        self.canvas = Canvas(self.made, pagesize=A4, lang=code, invariant=1, pageCompression=1, pdfVersion=(1, 7))
        self.canvas.setTitle(title)
        self.canvas.setAuthor("")
        self.canvas.setSubject("")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.tagged: list[list[Tagged]] = []
        self.page, self.top, self.numbers = 0, A4[1] - MARGIN, 0

    def turn(self) -> None:
        """On to a new page."""
        self.canvas.showPage()
        self.page, self.top, self.numbers = self.page + 1, A4[1] - MARGIN, 0

    @contextmanager
    def tag(self, tag: str) -> Iterator[None]:
        """What is drawn meanwhile is one thing to a screen reader."""
        self.tagged[-1].append(Tagged(tag, self.page, self.numbers))
        self.canvas.addLiteral(f"/{tag} <</MCID {self.numbers}>> BDC")
        self.numbers += 1
        yield
        self.canvas.addLiteral("EMC")

    @contextmanager
    def unread(self) -> Iterator[None]:
        """What is drawn meanwhile is for the eye only."""
        self.canvas.addLiteral("/Artifact BMC")
        yield
        self.canvas.addLiteral("EMC")

    def room_for(self, height: float) -> None:
        if self.top - height < MARGIN:
            self.turn()

    def save(self, letters: Sequence[Letter]) -> bytes:
        self._write_structure(letters)
        self.canvas.save()
        return self.made.getvalue()

    def _write_structure(self, letters: Sequence[Letter]) -> None:
        """The tree of what is on the pages. The library writes it out but has no functions for it, so it is put together here."""
        document = self.canvas._doc
        pages = document.Pages.pages
        root = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("StructTreeRoot")})
        at_root = document.Reference(root)
        parts, by_page = [], [pdfdoc.PDFArray([]) for _ in pages]
        for letter, tagged in zip(letters, self.tagged, strict=True):
            part = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("StructElem"), "S": pdfdoc.PDFName("Document"), "P": at_root})
            part["Lang"] = pdfdoc.PDFString(letter.code)
            at_part, kids = document.Reference(part), []
            for one in tagged:
                names = {"Type": pdfdoc.PDFName("StructElem"), "S": pdfdoc.PDFName(one.tag), "P": at_part}
                piece = pdfdoc.PDFDictionary({**names, "Pg": document.Reference(pages[one.page]), "K": one.number})
                kids.append(document.Reference(piece))
                by_page[one.page].sequence.append(kids[-1])
            part["K"] = pdfdoc.PDFArray(kids)
            parts.append(at_part)
        numbered = [item for number, pieces in enumerate(by_page) for item in (number, document.Reference(pieces))]
        root["K"] = pdfdoc.PDFArray(parts)
        root["ParentTree"] = document.Reference(pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(numbered)}))
        root["ParentTreeNextKey"] = len(pages)
        for number, page in enumerate(pages):
            page.StructParents, page.Tabs = number, pdfdoc.PDFName("S")
            page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})


def pdf(letters: Sequence[Letter]) -> bytes:
    """The letters one after another. The same letters give the same bytes. Raises ValueError when there is none."""
    if not letters:
        raise ValueError("there is no letter to print")
    pages = Pages(letters[0].title, letters[0].code)
    for letter in letters:
        if pages.tagged:
            pages.turn()
        pages.tagged.append([])
        for part in letter.parts:
            _draw(pages, part)
    pages.canvas.showPage()
    return pages.save(letters)


def as_file(letters: Sequence[Letter], name: str) -> Response:
    """The letters to keep or to print. Not shown in the page: browsers refuse their own PDF viewer under the pages' policy."""
    answer = Response(pdf(letters), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer


def _draw(pages: Pages, part: Part) -> None:
    if part.line is Line.FACTS:
        for name, value in part.facts:
            _fact(pages, name, value)
        pages.top -= GAP
    elif part.line is Line.SIGN:
        _sign(pages, [name for name, _ in part.facts])
    else:
        _text(pages, part.text, part.line)


def _paragraph(text: str, style: ParagraphStyle, width: float) -> tuple[Paragraph, float]:
    """A paragraph and its height at this width."""
    made = Paragraph(str(escape(text)).replace("\n", "<br/>"), style)
    return made, made.wrap(width, A4[1])[1]


def _text(pages: Pages, text: str, line: Line) -> None:
    made, height = _paragraph(text, _styles()[line], WIDTH)
    pages.room_for(height)
    with pages.tag(TAGS.get(line, "P")):
        made.drawOn(pages.canvas, MARGIN, pages.top - height)
    pages.top -= height + GAP


def _fact(pages: Pages, name: str, value: str) -> None:
    """A name and its value beside it, read as one paragraph."""
    names, values = _paragraph(name, _styles()["name"], NAMES - GAP), _paragraph(value, _styles()[Line.TEXT], WIDTH - NAMES)
    height = max(names[1], values[1])
    pages.room_for(height)
    with pages.tag("P"):
        names[0].drawOn(pages.canvas, MARGIN, pages.top - names[1])
        values[0].drawOn(pages.canvas, MARGIN + NAMES, pages.top - values[1])
    pages.top -= height + GAP / 2


def _sign(pages: Pages, names: Iterable[str]) -> None:
    """Lines to write on, beside one another."""
    left, height = MARGIN, 12 * mm
    pages.room_for(height)
    for name in names:
        made, _ = _paragraph(name, _styles()[Line.TEXT], NAMES)
        wide = pdfmetrics.stringWidth(name, PLAIN, 11) + 2 * mm
        with pages.tag("P"):
            made.drawOn(pages.canvas, left, pages.top - height)
        with pages.unread():
            pages.canvas.line(left + wide, pages.top - height, left + wide + SIGN_WIDTH, pages.top - height)
        left += wide + SIGN_WIDTH + GAP
    pages.top -= height + GAP
