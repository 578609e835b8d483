"""The report of a bundle as PDF, for a file or a court: what the page says, on paper."""

from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO
from pathlib import Path

import reportlab
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from services.gateway.evidence.gathering import Subject
from services.gateway.evidence.report import (
    Line,
    checkpoint_in,
    headings,
    opening,
    title_of,
    withheld_because,
)
from shared.evidence.bundle import Occasion, Proven, Rule

_FONTS = Path(reportlab.__file__).parent / "fonts"
_WIDTHS = (22 * mm, 30 * mm, 135 * mm, 45 * mm, 35 * mm)


def printed(
    occasion: Occasion,
    subject: Subject,
    lines: Sequence[Line],
    rules: Sequence[Rule],
    proven: Mapping[str, Proven],
) -> bytes:
    """Return the report about a mentee as PDF: the same bytes for the same report."""
    # The fonts that every reader has know no letters beyond Western Europe's.
    registerFont(TTFont("Vera", _FONTS / "Vera.ttf"))
    registerFont(TTFont("VeraBd", _FONTS / "VeraBd.ttf"))
    text = ParagraphStyle("text", fontName="Vera", fontSize=8, leading=11)
    head = ParagraphStyle("head", fontName="VeraBd", fontSize=15, leading=22)
    rows = [[Paragraph(f"<b>{escape(name)}</b>", text) for name in headings()]]
    rows += [[Paragraph(cell, text) for cell in _cells(line)] for line in lines]
    table = Table(rows, colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"),
                               ("LINEBELOW", (0, 0), (-1, -1), 0.3, "#d8dee6")]))  # fmt: skip
    logs = [
        Paragraph(f"{found.origin}: {found.size:,}, {found.root.hex()}", text)
        for found in map(checkpoint_in, proven.values())
    ]
    page = [
        Paragraph(escape(title_of(subject)), head),
        *(Paragraph(escape(one), text) for one in opening(occasion, subject, lines, rules)),
        Spacer(0, 4 * mm),
        table,
        Spacer(0, 4 * mm),
        *logs,
    ]
    file = BytesIO()
    SimpleDocTemplate(
        file,
        pagesize=landscape(A4),
        leftMargin=12 * mm,
        rightMargin=12 * mm,
        topMargin=12 * mm,
        bottomMargin=12 * mm,
        title=title_of(subject),
        invariant=1,
    ).build(page)
    return file.getvalue()


def _cells(line: Line) -> tuple[str, ...]:
    if line.withheld:
        told = f"<i>{escape(withheld_because(line.withheld))}</i>"
    else:
        told = "; ".join(f"{escape(name)}: {escape(value)}" for name, value in line.facts)
        if line.why:
            told += f"<br/>“{escape(line.why)}”"
    return (
        line.on.isoformat() if line.on else "",
        f"{line.recorded:%Y-%m-%d %H:%M}",
        f"<b>{escape(line.what)}</b><br/>{told}",
        escape(line.by),
        escape(line.place),
    )
