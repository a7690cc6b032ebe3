"""Whatever way a value is spelled or shown in, of those that are accepted, it is the same value; found at random."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validation.tables import JIANGSU, table, triples
from validation import FORMS, Form
from validation.casting import cast
from validation.codelists import options, spellings
from validation.forms import Kind

NETWORKS, APPLICATIONS = FORMS["networks"], FORMS["ai_applications"]
WIDE = str.maketrans("0123456789.,%+-", "０１２３４５６７８９．，％＋－")
TENTHS = st.integers(0, 9_999_999).map(lambda tenths: Decimal(f"{tenths // 10}.{tenths % 10}"))


def read(form: Form, key: str, cells: list[Any], formats: dict[int, str] | None = None) -> list[Any]:
    """The values of one column; no cell may have an error."""
    known = {(row, 0): code for row, code in (formats or {}).items()}
    done = cast([table(form, [{key: cell} for cell in cells], keys=[key], formats=known)], form, JIANGSU)
    assert not [triple for triple in triples(done.findings) if ".E" in triple[2]]
    values: list[Any] = done.frame[key].to_list()
    return values


@settings(max_examples=40, deadline=None)
@given(amount=TENTHS)
def test_an_amount_of_money(amount: Decimal) -> None:
    """In 10 000 yuan, with one decimal."""
    grouped = f"{amount:,}"
    cells = [
        float(amount), str(amount), grouped, grouped.translate(WIDE), grouped.replace(",", " "), f"+{amount}", f" {amount} ", f"'{amount}",
        f"{amount}00", f"¥{amount}", f"￥{grouped}", f"RMB {amount}", f"{amount} CNY", f"人民币{amount}万元", f"{amount}万", f"{amount}万元",
        f"{amount * 10}千元", f"{amount * 10_000:f}元", f"{amount / 10_000:f}亿", f"{amount / 10_000:f}亿元",
    ]  # fmt: skip
    assert read(NETWORKS, "investment_10k_cny", cells) == [amount] * len(cells)


#: Formats of an amount of money, what their digits show for each 10 000 yuan, and the power of ten that the
#: number in the cell is shown times.
MONEY_FORMATS = (
    ("General", "1", 0), ("0.00", "1", 0), ("#,##0.0", "1", 0), ('"¥"#,##0.00', "1", 0), ("0.00_);[Red](0.00)", "1", 0),
    ('0.0"万元"', "1", 0), ('0.0"万"', "1", 0), ("0!.0000", "1", -4), ('0!.0000"万元"', "1", -4), ('0"."0,"万"', "1", -4),
    ("0.0,", "1", -3), ('0.0,,"万"', "1", -6), ('#,##0"元"', "10000", 0), ('0"千元"', "10", 0), ('0.0000,,"亿"', "0.0001", -6),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(amount=TENTHS)
def test_an_amount_of_money_under_any_format(amount: Decimal) -> None:
    """The number is what the format shows as that amount."""
    cells = [float((amount * Decimal(digits)).scaleb(-power)) for _, digits, power in MONEY_FORMATS]
    formats = {row: code for row, (code, _, _) in enumerate(MONEY_FORMATS, start=2)}
    assert read(NETWORKS, "investment_10k_cny", cells, formats) == [amount] * len(cells)


@settings(max_examples=40, deadline=None)
@given(share=st.integers(1, 600).map(lambda tenths: tenths / 10))
def test_a_percentage(share: float) -> None:
    """25.3 %, and 0.253 under a percent sign that multiplies; a sign that is a literal does not."""
    fraction = float(Decimal(str(share)) / 100)
    cells = [
        share,
        fraction,
        fraction,
        fraction,
        share,
        share,
        f"{share}%",
        f"{share}％",
        f"{share} %",
        f"{share}个百分点",
    ]
    formats = {2: '0.0"%"', 3: "0.0%", 4: "0%", 5: "0.00%;[Red]-0.00%", 6: "0.0\\%", 7: "0.0!%"}
    assert read(APPLICATIONS, "cost_cut_pct", cells, formats) == pytest.approx(
        [share] * len(cells), abs=1e-12
    )


@settings(max_examples=40, deadline=None)
@given(count=st.integers(0, 1_000_000))
def test_a_count(count: int) -> None:
    cells = [
        count,
        str(count),
        f"{count:,}",
        f"{count:,}".translate(WIDE),
        f"{count}.0",
        f"{count}台",
        count,
        count,
        count,
    ]
    formats = {8: '0"台"', 9: "#,##0_);(#,##0)", 10: "[DBNum1]General"}
    assert read(NETWORKS, "terminals", cells, formats) == [count] * len(cells)


@settings(max_examples=60, deadline=None)
@given(day=st.dates(date(2018, 1, 1), date(2099, 12, 31)))
def test_a_day(day: date) -> None:
    year, month, number = day.year, day.month, day.day
    cells = [
        day, f"{day}", f"{year}/{month}/{number}", f"{year}.{month}.{number}", f"{year}年{month}月{number}日", f"{year}年{month}月{number}号",
        f"{year} 年 {month} 月 {number} 日", f"{day:%Y%m%d}", int(f"{day:%Y%m%d}"), f"{day}".translate(WIDE), f"{day} 08:30:00", f"{day}T08:30:00Z",
        f"{day}T00:00:00+08:00", f"{day}T23:59:59.999+0800", f"{year}/{month}/{number} 上午8:30", f"{day}（周一）",
        (day - date(1899, 12, 30)).days,
    ]  # fmt: skip
    assert read(NETWORKS, "started_on", cells) == [day] * len(cells)


@settings(max_examples=30, deadline=None)
@given(day=st.dates(date(2018, 1, 1), date(2099, 12, 1)).map(lambda day: day.replace(day=1)))
def test_a_month_however_it_is_shown(day: date) -> None:
    """A cell that shows the month alone is that month, whatever day stands behind it."""
    cells = [
        day,
        day.replace(day=9),
        f"{day:%Y-%m}",
        f"{day.year}年{day.month}月",
        f"{day:%Y%m}",
        f"{day.year}/{day.month}",
        day,
    ]
    formats = {2: 'yyyy"年"m"月"', 3: "yyyy-mm", 8: "mmm-yy"}
    known = {(row, 0): code for row, code in formats.items()}
    done = cast(
        [table(NETWORKS, [{"started_on": cell} for cell in cells], keys=["started_on"], formats=known)],
        NETWORKS,
        JIANGSU,
    )
    assert done.frame["started_on"].n_unique() == 1
    assert set(done.frame["_precision_started_on"]) == {"month"}


MARKS = st.sampled_from(
    [("☑", "□"), ("☑", "☐"), ("■", "□"), ("√", "×"), ("(√)", "( )"), ("☒", "☐"), ("●", "○"), ("[√]", "[ ]")]
)


@settings(max_examples=60, deadline=None)
@given(
    marks=MARKS,
    yes=st.booleans(),
    before=st.booleans(),
    joint=st.sampled_from([" ", "　", "\n", "/", "、", "  "]),
)
def test_ticked_boxes(marks: tuple[str, str], yes: bool, before: bool, joint: str) -> None:
    """The box that is ticked answers, wherever the boxes stand; with the marks exchanged it is the other answer."""
    boxes = marks if yes else marks[::-1]
    words = [f"{box}{word}" if before else f"{word}{box}" for box, word in zip(boxes, "是否", strict=True)]
    assert read(NETWORKS, "slicing", [joint.join(words), joint.join(words[::-1])]) == [yes, yes]


JOINTS = st.sampled_from(
    ["、", "，", ",", ";", "/", "\n", "和", "与", "及", "以及", "+", "＋", " ", " 和 ", "&"]
)
LISTED = [column for form in FORMS.values() for column in form.columns if column.kind is Kind.ENUM_LIST]


@settings(max_examples=80, deadline=None)
@given(data=st.data(), joint=JOINTS)
def test_lists_in_any_spelling_and_joint(data: st.DataObject, joint: str) -> None:
    column = data.draw(st.sampled_from(LISTED))
    form = NETWORKS if column.key in NETWORKS.by_key else APPLICATIONS
    chosen = data.draw(
        st.lists(st.sampled_from(options(str(column.codelist))), min_size=1, max_size=4, unique=True)
    )
    written = [
        data.draw(st.sampled_from([o.label_zh, o.code, *o.aliases, *spellings(o)[4:]])) for o in chosen
    ]
    if joint == "/" or joint == "&":
        written = [o.label_zh for o in chosen]
    assert read(form, column.key, [joint.join(written)]) == [[option.code for option in chosen]]


TEXTUAL = [column for column in NETWORKS.columns if column.kind in (Kind.CODE, Kind.TEXT, Kind.USCC)]


@settings(max_examples=60, deadline=None)
@given(number=st.integers(10**13, 10**18), below=st.booleans())
def test_a_number_of_sixteen_digits_or_more_has_lost_some(number: int, below: bool) -> None:
    """Spreadsheet programs keep 15 digits: what has no more is the number, what has is told."""
    number = number % 10**15 if below else max(number, 10**15)
    for column in TEXTUAL:
        done = cast(
            [table(NETWORKS, [{column.key: number}, {column.key: str(number)}], keys=[column.key])],
            NETWORKS,
            JIANGSU,
        )
        lost = [triple for triple in triples(done.findings) if triple[2] == "cell.E112"]
        assert lost == ([] if below else [(2, column.key, "cell.E112")])
        assert done.frame[column.key].to_list()[0] in ((str(number), None) if below else (None,))


@pytest.mark.parametrize("digits", [15, 16, 17, 18])
@pytest.mark.parametrize("key", ["network_code", "enterprise_uscc", "network_name", "spectrum_licence_no"])
def test_the_digits_that_a_number_cell_can_hold(key: str, digits: int) -> None:
    number = int("123456789012345678"[:digits])
    done = cast([table(NETWORKS, [{key: number}, {key: -number}], keys=[key])], NETWORKS, JIANGSU)
    lost = [(row, key, "cell.E112") for row in (2, 3)]
    assert [triple for triple in triples(done.findings) if triple[2] == "cell.E112"] == (
        lost if digits > 15 else []
    )
    assert done.frame[key][0] == (str(number) if digits == 15 else None)


@pytest.mark.parametrize("digits", [15, 16, 17])
def test_figures_that_a_number_cell_cannot_hold_are_out_of_range(digits: int) -> None:
    number = int("9" * digits) if digits == 15 else int("1" + "0" * (digits - 1))
    done = cast([table(NETWORKS, [{"terminals": number}], keys=["terminals"])], NETWORKS, JIANGSU)
    assert done.frame["terminals"].to_list() == [number if digits == 15 else None]
    assert triples(done.findings) == ([] if digits == 15 else [(2, "terminals", "cell.E107")])
