"""What to write in a column, in one line of Chinese and of English, for templates and the rulebook."""

from __future__ import annotations

from typing import NamedTuple

from validation.forms import Column, Kind, Need


class Text(NamedTuple):
    """The same text in two languages."""

    zh: str
    en: str


#: Kind -> how a value of it is written.
KINDS = {
    Kind.CODE: Text("4–32位大写字母、数字或“-”", "4-32 of A-Z, 0-9 and '-'"),
    Kind.TEXT: Text("文本", "Text"),
    Kind.USCC: Text("18位统一社会信用代码，按文本填写", "18-character credit code, as text"),
    Kind.REGION: Text(
        "6位行政区划代码或省市县名称", "6-digit division code, or its name with province and city"
    ),
    Kind.INDUSTRY: Text("国民经济行业代码，填到3位中类", "GB/T 4754 code, 3-digit group"),
    Kind.ENUM: Text("从下拉列表中选一项", "One value of the list"),
    Kind.ENUM_LIST: Text("可多选，用顿号“、”隔开", "One or more values of the list, joined by 、"),
    Kind.INT: Text("整数", "Whole number"),
    Kind.DECIMAL: Text("数字", "Number"),
    Kind.PERCENT: Text("百分数，25.3表示25.3%", "Percent points: 25.3 means 25.3 %"),
    Kind.MONEY: Text("数字，保留两位小数", "Number with two decimals"),
    Kind.BOOL: Text("是或否", "是 (yes) or 否 (no)"),
    Kind.DATE: Text("日期，如2026-07-01", "Date such as 2026-07-01"),
}
NEEDS = {
    Need.YES: Text("必填", "Required"),
    Need.NO: Text("选填", "Optional"),
    Need.CONDITIONAL: Text("按条件必填", "Required in some cases"),
}


def title(column: Column) -> str:
    """The official title with its unit, e.g. 宏站数量（个）."""
    unit = f"（{column.unit}）" if column.unit else ""
    return column.label_zh if column.label_zh.endswith(unit) else column.label_zh + unit


def bounds(column: Column) -> Text:
    """The limits of a column; empty when it has none."""
    low, high = column.minimum, column.maximum
    if low is None and high is None:
        return Text("", "")
    if high is None:
        return Text(f"不早于{low}", f"not before {low}")
    if column.kind is Kind.TEXT:
        least = Text(f"{low}–{high}个字符", f"{low} to {high} characters")
        return least if low else Text(f"不超过{high}个字符", f"at most {high} characters")
    return Text(f"{low}–{high}{column.unit or ''}", f"{low} to {high}")


def hint(column: Column) -> Text:
    """Need, way of writing, limits and note of a column."""
    parts = (NEEDS[column.required], KINDS[column.kind], bounds(column), Text(column.note_zh, column.note_en))
    zh = "；".join(part.zh for part in parts if part.zh)
    return Text(f"{zh}。", f"{'; '.join(part.en for part in parts if part.en)}.")
