"""What a file states about itself around its table: period, reporting unit, unit of measure; telephone numbers are passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from validation.codelists import reporting_units
from validation.codelists.fold import fold
from validation.layout.title_parts import unit_named
from validation.periods import Period

UNIT_LABELS = (
    "填报单位",
    "报送单位",
    "上报单位",
    "填报地区",
    "报送地区",
    "报送省份",
    "填报省份",
    "省份",
    "单位名称",
    "单位",
)
PERIOD_LABELS = ("报告期", "报告期别", "统计期", "统计时间", "所属期", "报送期", "填报期", "数据期")
OTHER_LABELS = (
    "填报人", "填表人", "制表人", "制表", "审核人", "复核人", "审核", "复核", "负责人", "单位负责人", "填报单位负责人",
    "统计负责人", "分管领导", "联系人", "联系电话", "联系方式", "电话", "手机", "手机号", "邮箱", "电子邮箱", "传真", "填报日期", "填表日期",
    "报送日期", "报出日期", "填报时间", "填表时间", "报送时间", "制表日期", "日期", "签字", "签章", "盖章", "领导签字",
)  # fmt: skip
_LABEL = re.compile(
    r"\(?(" + "|".join(sorted((*UNIT_LABELS, *PERIOD_LABELS, *OTHER_LABELS), key=len, reverse=True)) + ")"
    r"(?:\((?:盖章|公章|签字|签章|签名|章)\))?\)?(?::(.*)|$)"
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR_QUARTER = re.compile(r"(20[0-9]{2})年?度?(?:第?([一二三四1-4])季度?|q([1-4])|前?([二三])季度)")
_HALF_YEAR = re.compile(r"(20[0-9]{2})年(?:上半年|1-6月)")
_UP_TO = re.compile(r"(?:截至|截止)(?:到)?(20[0-9]{2})年(3|6|9|12)月(?:底|末|3[01]日)")
_UNIT_LINE = re.compile(r"(?:计量|金额|货币)?单位:((?:[^():]|\([^()]*\))+)")
_SEPARATORS = re.compile(r"[、,;/和及]")


def is_label(text: str) -> bool:
    """Whether a cell begins with a label of the filling-in block."""
    return _labelled(text) is not None


def _labelled(text: str) -> tuple[str, str] | None:
    """(label, the rest of the cell) of a cell such as 填报单位：江苏省; folded."""
    match = _LABEL.match(fold(text))
    return (match[1], match[2] or "") if match else None


def stated_period(rows: Iterable[list[str]]) -> Period | None:
    """The first quarter named in title rows or block."""
    for row in rows:
        for text in row:
            period = read_period(text)
            if period is not None:
                return period
    return None


def read_period(text: str) -> Period | None:
    """A quarter in a text such as 2026年三季度, 2026Q3, 2026年上半年 or 截至2026年9月底."""
    folded = fold(text)
    match = _YEAR_QUARTER.search(folded)
    if match:
        return Period(int(match[1]), _QUARTERS[match[2] or match[3] or match[4]])
    match = _HALF_YEAR.search(folded)
    if match:
        return Period(int(match[1]), 2)
    match = _UP_TO.search(folded)
    return Period(int(match[1]), int(match[2]) // 3) if match else None


def stated_units(rows: Iterable[list[str]]) -> list[frozenset[str]]:
    """Codes of the reporting units that titles and block name, for each cell that names any."""
    units = (_units_of_cell(text, row[at + 1 :]) for row in rows for at, text in enumerate(row))
    return [units for units in units if units]


def _units_of_cell(text: str, right: list[str]) -> frozenset[str]:
    labelled = _labelled(text)
    if labelled is None:
        return named_units(text)
    label, value = labelled
    if label not in UNIT_LABELS:
        return frozenset()
    value = value or next((other for other in right if other and other != text), "")
    return frozenset() if is_label(value) else named_units(value)


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """(folded name, code), the longest first; names of one character are too common."""
    names = {}
    for unit in reporting_units().values():
        for name in (unit.name_zh, unit.short_zh, unit.name_en, unit.code, *unit.aliases):
            if len(name) > 1 and not name.startswith("33("):
                names[fold(name)] = unit.code
    return tuple(sorted(names.items(), key=lambda item: -len(item[0])))


@cache
def _full_names() -> frozenset[str]:
    return frozenset(
        fold(name)
        for unit in reporting_units().values()
        for name in (unit.name_zh, unit.name_en, *unit.aliases)
        if len(name) > 2 and not name.isdigit()
    )


def named_units(text: str) -> frozenset[str]:
    """Reporting units in a text: full names anywhere, short names and codes only at its beginning,
    since 海南州 and 吉林市 are other places."""
    rest = re.sub(
        r"^附(?:件|表)[0-9一二三四五]*[:.、]?|^(?:20[0-9]{2}年)?(?:第?[一二三四1-4]季度)?(?:度)?",
        "",
        fold(text),
    )
    units = set()
    for name, code in _names():
        if name not in rest:
            continue
        anywhere = name in _full_names()
        if anywhere or _begins(rest, name):
            units.add(code)
            rest = rest.replace(name, "·" if anywhere else "", 1)
    return frozenset(units)


def _begins(text: str, name: str) -> bool:
    following = text[len(name) : len(name) + 1]
    return text.startswith(name) and following not in set("州县区旗盟地0123456789") | {"市"}


def unit_line(rows: Iterable[list[str]]) -> tuple[str, ...]:
    """Units of measure of a line such as 单位：万元、个; empty when there is none."""
    for row in rows:
        for at, text in enumerate(row):
            folded = fold(text)
            if folded.rstrip(":") in ("单位", "计量单位", "金额单位") and at + 1 < len(row):
                folded = "单位:" + fold(
                    next((other for other in row[at + 1 :] if other and other != text), "")
                )
            match = _UNIT_LINE.search(folded)
            units = [unit_named(part) for part in _SEPARATORS.split(match[1])] if match else []
            if any(units):
                return tuple(filter(None, units))
    return ()
