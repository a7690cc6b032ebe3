"""A package without what lies below a long blank stretch, since the fast reader makes room for every row above it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from validation.reading.zipped import Package


def trimmed(package: Package, cuts: Mapping[str, int | None]) -> bytes:
    """The same bytes when no sheet part is to be cut (part -> first row left out), else a shorter package."""
    parts = {part: cut for part, cut in cuts.items() if cut is not None}
    if not parts:
        return package.data
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package.data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
    ):
        for entry in source.infolist():
            name = entry.filename.replace("\\", "/").casefold()
            if name in parts:
                copy.writestr(entry.filename, _shortened(package.read(name), parts[name]))
            elif name.endswith((".xml", ".rels")):
                copy.writestr(entry.filename, package.read(name))
    return target.getvalue()


def _shortened(sheet: bytes, cut: int) -> bytes:
    row = re.search(rb"<(?:\w+:)?row\s[^>]*\br\s*=\s*[\"']%d[\"']" % cut, sheet)
    end = re.search(rb"</(?:\w+:)?sheetData\s*>", sheet)
    if row is None or end is None or row.start() > end.start():
        return sheet
    return sheet[: row.start()] + sheet[end.start() :]
