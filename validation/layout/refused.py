"""What could not be read: it refuses the file where it is the form's, else it is passed by and reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from validation.findings import Finding
from validation.layout.recognise import Recognised
from validation.raw import RawSheet, raise_refusal


def raise_refused(recognised: Recognised, sheets: Iterable[RawSheet]) -> None:
    """Raises RefusedFileError for a sheet of the form that was not read to its end; where no sheet of any form was
    found, for the first visible one: the form may stand in what could not be read."""
    for form_sheet in recognised.own:
        raise_refusal(form_sheet.sheet)
    if not recognised.own and not recognised.others:
        for sheet in sheets:
            if not sheet.hidden:
                raise_refusal(sheet)


def unread_sheets(sheets: Iterable[RawSheet], read: Iterable[str]) -> list[RawSheet]:
    """The visible sheets that hold something, or may, and are not among those read, whose names these are."""
    known = set(read)
    held = (sheet for sheet in sheets if sheet.height or sheet.refusal is not None)
    return [sheet for sheet in held if not sheet.hidden and sheet.name not in known]


def refused_findings(sheets: Iterable[RawSheet]) -> Iterator[Finding]:
    """file.E023 for a quote that swallows what follows, and file.I016 for each visible sheet that is damaged."""
    for sheet in sheets:
        if sheet.unreadable:
            row = sheet.unreadable[0]
            yield Finding("file.E023", sheet=sheet.name, row=row, params={"row": row})
        if sheet.refusal is not None and sheet.refusal.code == "file.E001" and not sheet.hidden:
            yield _damaged(sheet, **sheet.refusal.reason)


def _damaged(sheet: RawSheet, zh: str, en: str) -> Finding:
    kind = {"zh": f"工作表无法读取：{zh}", "en": f"a sheet that cannot be read: {en}"}
    return Finding("file.I016", sheet=sheet.name, params={"count": sheet.height, "kind": kind})
