"""The receipt as PDF, with its Chinese embedded. Imported when one is asked for: fonts take long to load."""

from __future__ import annotations

from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import WrapMode, XPos, YPos
from fpdf.fonts import FontFace
from pylopdf_fonts_zh_cn import sans_path

from portal.returns import presenters
from portal.returns.receipt_facts import facts
from portal.templatetags.portal import column_unit, stated
from submissions import demo_mode, labels
from submissions.models import State, Submission
from submissions.signoff.receipts import Receipt
from validation.workbooks.notice import said

FONT = "NotoSansSC"
#: millimetres and points on A4
MARGIN, TITLE, BODY, SMALL = 18, 18, 10, 8.5
GREY = 95


def receipt_pdf(submission: Submission, receipt: Receipt, verify_at: str) -> bytes:
    """The receipt in the reader's language. `verify_at` is the address that says whether it is real.

    The same receipt gives the same bytes on any day, as long as nothing becomes of the submission.
    """
    pdf = _sheet(submission, receipt)
    _head(pdf, submission, receipt)
    _pairs(pdf, [tuple(fact) for fact in facts(submission, receipt)])
    _hashes(pdf, receipt)
    _totals(pdf, submission)
    _statement(pdf, receipt)
    _line(pdf, _("Anyone can check this receipt:"), SMALL, GREY)
    pdf.set_text_color(10, 79, 158)
    pdf.cell(text=verify_at, link=verify_at, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    return bytes(pdf.output())


def _sheet(submission: Submission, receipt: Receipt) -> FPDF:
    pdf = FPDF(format="A4")
    pdf.add_font(FONT, fname=sans_path())
    pdf.set_margin(MARGIN)
    pdf.set_title(f"{_('Receipt')} {receipt.number}")
    pdf.set_lang("zh-Hans" if labels.language() == "zh" else "en")
    pdf.set_creation_date(receipt.signed_at)
    pdf.set_producer("Gongwang")
    pdf.add_page()
    return pdf


def _head(pdf: FPDF, submission: Submission, receipt: Receipt) -> None:
    pdf.set_draw_color(10, 79, 158)
    pdf.set_line_width(1)
    pdf.line(MARGIN, MARGIN - 4, pdf.w - MARGIN, MARGIN - 4)
    _line(
        pdf,
        _("Quarterly returns of industrial 5G private networks and AI applications in factories"),
        SMALL,
        GREY,
    )
    notice = demo_mode.notice()
    if notice:
        _line(pdf, said(notice), BODY)
    _line(pdf, _("Receipt"), TITLE)
    _line(pdf, receipt.number, TITLE - 4)
    if submission.state == State.WITHDRAWN:
        pdf.set_text_color(155, 28, 28)
        _line(pdf, _("Withdrawn by the unit: this receipt is no longer valid for a return."), BODY, None)
    pdf.ln(3)


def _line(pdf: FPDF, text: str, size: float, grey: int | None = 0) -> None:
    """A paragraph; `grey` None keeps the colour that is set."""
    pdf.set_font(FONT, size=size)
    if grey is not None:
        pdf.set_text_color(grey)
    pdf.multi_cell(0, size * 0.55, text, wrapmode=_wrapping(), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _wrapping() -> WrapMode:
    """Chinese breaks between any two characters."""
    return WrapMode.CHAR if labels.language() == "zh" else WrapMode.WORD


def _pairs(pdf: FPDF, rows: list[tuple[str, ...]]) -> None:
    pdf.set_font(FONT, size=BODY)
    pdf.set_text_color(0)
    pdf.set_draw_color(213, 219, 227)
    pdf.set_line_width(0.2)
    grey = FontFace(color=(GREY, GREY, GREY))
    with pdf.table(
        col_widths=(32, 68),
        first_row_as_headings=False,
        borders_layout="HORIZONTAL_LINES",
        line_height=6,
        text_align=("LEFT", "LEFT"),
        wrapmode=WrapMode.CHAR,
    ) as table:
        for label, value in rows:
            row = table.row()
            row.cell(label, style=grey)
            row.cell(value)
    pdf.ln(3)


def _hashes(pdf: FPDF, receipt: Receipt) -> None:
    if receipt.file_sha256 not in (None, receipt.sha256):
        _hash(pdf, _("SHA-256 of the file"), receipt.file_sha256)
    _hash(pdf, _("SHA-256 of what was signed"), receipt.sha256)


def _hash(pdf: FPDF, label: str, sha256: str | None) -> None:
    _line(pdf, label, SMALL, GREY)
    pdf.set_font(FONT, size=SMALL)
    pdf.set_text_color(0)
    pdf.multi_cell(0, 5, sha256 or "", wrapmode=WrapMode.CHAR, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(3)


def _totals(pdf: FPDF, submission: Submission) -> None:
    totals = presenters.totals(submission)
    if not totals:
        return
    _line(pdf, _("Totals of the main columns"), SMALL, GREY)
    pdf.set_font(FONT, size=BODY)
    pdf.set_text_color(0)
    collection = submission.collection
    with pdf.table(
        col_widths=(50, 30, 20),
        first_row_as_headings=False,
        borders_layout="HORIZONTAL_LINES",
        line_height=5.5,
        text_align=("LEFT", "RIGHT", "LEFT"),
        wrapmode=WrapMode.CHAR,
    ) as table:
        for total in totals:
            label = labels.column_label(collection, total.key)
            table.row([label, stated(total.value), column_unit(total.key, collection)])
    pdf.ln(3)


def _statement(pdf: FPDF, receipt: Receipt) -> None:
    signed = receipt.signature
    if signed is None:
        return
    _line(pdf, _("Statement"), SMALL, GREY)
    _line(pdf, signed.statement_zh if labels.language() == "zh" else signed.statement_en, BODY)
    if signed.drop_reason:
        _line(pdf, f"{_('Reason for the fall')}: {signed.drop_reason}", BODY)
    pdf.ln(3)
