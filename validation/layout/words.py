"""Words of the structure findings: row ranges, kinds of rows, lists, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: Ranges named in one message before it says how many more there are.
MOST_RANGES = 20

#: Kind of skipped rows -> its name in Chinese, and in English for one row and for several.
KINDS = {
    "total": ("合计行", "total", "totals"),
    "note": ("注释、说明", "note", "notes"),
    "single": ("只填了一个单元格的行", "a row with one filled cell", "rows with one filled cell"),
    "tail": ("表后的其他内容", "what follows the table", "what follows the table"),
    "column_number": ("栏目编号行", "column numbers", "column numbers"),
    "repeated_header": ("重复表头", "repeated header", "repeated headers"),
    "heading": ("分组标题行", "group heading", "group headings"),
    "unreadable": ("无法读取的行", "unreadable", "unreadable"),
    "blank": ("空行", "blank", "blank"),
}
IGNORED = {
    "macros": {"zh": "宏", "en": "macros"},
    "external links": {"zh": "外部链接", "en": "external links"},
    "embedded objects": {"zh": "嵌入对象", "en": "embedded objects"},
}


def ranges(rows: Iterable[int], stretches: Iterable[tuple[int, int]] = ()) -> str:
    """Rows, and stretches of them by their first and last one, as short text: 3, 5-8, 12."""
    spans: list[list[int]] = []
    for first, last in sorted([*((row, row) for row in rows), *stretches]):
        if spans and first == spans[-1][1] + 1:
            spans[-1][1] = last
        else:
            spans.append([first, last])
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in spans]
    return ", ".join(texts[:MOST_RANGES]) + (" …" if len(texts) > MOST_RANGES else "")


def joined(words: Sequence[dict[str, str]]) -> dict[str, str]:
    """Bilingual words as one bilingual list."""
    return {"zh": "、".join(word["zh"] for word in words), "en": ", ".join(word["en"] for word in words)}
