"""Words of the structure findings: row ranges, kinds of rows, lists, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

#: Ranges named in one message before it says how many more there are.
MOST_RANGES = 20

KINDS = {
    "total": {"zh": "合计行", "en": "totals"},
    "note": {"zh": "注释、说明", "en": "notes"},
    "tail": {"zh": "注释之后的内容", "en": "what follows the notes"},
    "column_number": {"zh": "栏目编号行", "en": "column numbers"},
    "repeated_header": {"zh": "重复表头", "en": "repeated headers"},
    "heading": {"zh": "分组标题行", "en": "group headings"},
    "unreadable": {"zh": "无法读取的行", "en": "unreadable"},
    "blank": {"zh": "空行", "en": "blank"},
}
IGNORED = {
    "macros": {"zh": "宏", "en": "macros"},
    "external links": {"zh": "外部链接", "en": "external links"},
    "embedded objects": {"zh": "嵌入对象", "en": "embedded objects"},
}


def ranges(rows: Iterable[int]) -> str:
    """Rows as short text: 3, 5-8, 12."""
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    texts = [str(first) if first == last else f"{first}-{last}" for first, last in spans]
    return ", ".join(texts[:MOST_RANGES]) + (" …" if len(texts) > MOST_RANGES else "")


def joined(words: Sequence[dict[str, str]]) -> dict[str, str]:
    """Bilingual words as one bilingual list."""
    return {"zh": "、".join(word["zh"] for word in words), "en": ", ".join(word["en"] for word in words)}
