"""Workbooks as offices send them: each is read to the record, and nothing false is said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validation.lines.case import KEYS, TITLES, Cells, body, line_of, titled
from tests.validation.ruling import rows as rows_of
from tests.validation.small_workbooks import Formula, Sheet, book, csv_bytes, workbook
from validation import FORMS, Context, Period, validate

SOUND = body({}, {}, {}, {}, {})
LABELS = [column.label_en for column in FORMS["networks"].columns]
WIDTH = len(TITLES)
LAST = "AG"  # the column of 备注

NOTES, TOTAL, BLANK, REPEATED = "note", "total", "blank", "repeated_header"


@dataclass(frozen=True)
class Messy:
    """`rows` are the spreadsheet rows of data, sheet by sheet; `said` the codes of all findings; `kinds` of rows that
    are told as skipped below the first header."""

    what: str
    build: Callable[[], bytes]
    rows: Sequence[Sequence[int]]
    said: Sequence[str] = ()
    kinds: Sequence[str] = ()


def numbered(rows: Cells, first: int = 1) -> Cells:
    """With a running number in front."""
    return [[number, *cells] for number, cells in enumerate(rows, start=first)]


def below(*lines: Sequence[Any], **options: Any) -> Callable[[], bytes]:
    """Five sound records and some lines below them; the titles stand in row 1."""
    return lambda: workbook([TITLES, *SOUND, *lines], **options)


def below_numbers(*lines: Sequence[Any], **options: Any) -> Callable[[], bytes]:
    """The same with 序号 as first column."""
    return lambda: workbook([["序号", *TITLES], *numbered(SOUND), *lines], **options)


def headed(titles: Sequence[Any], **options: Any) -> Callable[[], bytes]:
    """Five sound records below some titles."""
    return lambda: workbook([list(titles), *SOUND], **options)


def at(column: int, *values: Any) -> list[Any]:
    """A line that begins at a 0-based column."""
    return [None] * column + list(values)


def moved(rows: Cells, order: Sequence[int]) -> Cells:
    """The columns in another order."""
    return [[row[at] for at in order] for row in rows]


BACKWARDS = list(reversed(range(WIDTH)))
FIVE, SIX = [[2, 3, 4, 5, 6]], [[3, 4, 5, 6, 7]]
TOLD = ["file.I016"]


def _bilingual_rows() -> bytes:
    return workbook(
        [["江苏省工业5G专网登记表（2026年三季度）"], TITLES, LABELS, *SOUND], merged=[f"A1:{LAST}1"]
    )


def _three_headers() -> bytes:
    """A title row for each page, the titles, and the page's sum."""

    def page(number: int, rows: Cells) -> Cells:
        return [
            [f"江苏省2026年第三季度工业5G专网建设情况表（第{number}页 共3页）"],
            ["序号", *TITLES],
            *numbered(rows),
            ["本页小计", *line_of(terminals=420 * len(rows))],
            [],
        ]

    return workbook([*page(1, SOUND[:2]), *page(2, SOUND[2:4]), *page(3, SOUND[4:])])


def _counties() -> bytes:
    """Each county's part below its name, with its sum."""
    return workbook(
        [
            ["序号", *TITLES],
            ["一", "苏州市"],
            *numbered(SOUND[:2]),
            ["小计", *line_of(terminals=840)],
            ["二", "南京市"],
            *numbered(SOUND[2:]),
            ["小计", *line_of(terminals=1260)],
            ["合计", *line_of(terminals=2100)],
        ]
    )


def _named_groups() -> bytes:
    return workbook(
        [TITLES, ["苏州市"], *SOUND[:2], ["南京市"], *SOUND[2:]], merged=[f"A2:{LAST}2", f"A5:{LAST}5"]
    )


def _second_order() -> bytes:
    """A county's own table below, its columns from the last to the first."""
    return workbook(
        [
            ["表一  苏州市"],
            TITLES,
            *SOUND[:2],
            [],
            ["表二  南京市"],
            [TITLES[at] for at in BACKWARDS],
            *moved(SOUND[2:], BACKWARDS),
            ["填报人：张三", None, "联系电话：025-88888888"],
        ]
    )


def _second_units() -> bytes:
    """The second table's investment is in yuan, by the line above it."""
    first, second = (body({"investment_10k_cny": value}, {})[0] for value in (860.5, 8_605_000))
    other = body({}, {"investment_10k_cny": 8_605_000})[1]
    order = [*range(5, WIDTH), *range(5)]
    titles = titled(investment_10k_cny="总投资")
    assert second != first
    return workbook(
        [
            TITLES,
            first,
            [],
            at(WIDTH - 2, "单位：元"),
            [titles[at] for at in order],
            *moved([other], order),
        ]
    )


def _side_notes() -> bytes:
    """Notes merged down both sides of the table, from the header on."""
    rows = [["江苏省报送", *TITLES, "填表说明：请如实填写"], *([None, *row, None] for row in SOUND)]
    return workbook(rows, merged=["A1:A6", "AI1:AI6"])


def _short_side_note() -> bytes:
    """A note merged over as many rows as a header of three levels could have."""
    return workbook([[*TITLES, "注意事项"], *SOUND], merged=["AH1:AH3"])


def _title_over_note() -> bytes:
    """The sheet's title is merged over the table and not over the note beside it, which begins in its row."""
    return workbook(
        [["江苏省工业5G专网登记表", *[None] * (WIDTH - 1), "说明栏"], TITLES, *SOUND],
        merged=[f"A1:{LAST}1", "AH1:AH7"],
    )


def _prefilled_formulas() -> bytes:
    """Formulas filled down to row 60: a running number, sums that are 0, a name that is empty text."""
    empty = line_of(
        network_name=Formula('=IF(A7="","",A7)', ""),
        base_stations_dedicated=Formula("=0", 0),
        terminals=Formula("=Q7+R7", 0),
        investment_10k_cny=Formula("=SUM(Q7:R7)", 0),
    )
    return workbook([["序号", *TITLES], *numbered(SOUND), *([n, *empty] for n in range(6, 60))])


def _prefilled_errors() -> bytes:
    """A look-up filled down: #N/A in every row that has no code."""
    return workbook([TITLES, *SOUND, *[line_of(enterprise_name=Formula("=VLOOKUP(A7,X,2)", "#N/A"))] * 40])


def _prefilled_choices() -> bytes:
    """The drop-down lists' defaults filled down."""
    default = line_of(
        ownership="民营企业", slicing="否", independent_pilot="否", terminals_redcap=0, operators="中国移动"
    )
    return workbook([TITLES, *SOUND, *[default] * 200])


def _prefilled_codes() -> bytes:
    return workbook([TITLES, *SOUND, *([f"JS-5G-{n:05}"] for n in range(6, 40))])


def _two_rows_of_hints() -> bytes:
    """Below the titles: who must fill in, and how."""
    needs = ["必填" if at % 3 else "选填" for at in range(WIDTH)]
    kinds = ["文本型" if at % 2 else "数值型" for at in range(WIDTH)]
    return workbook([TITLES, needs, kinds, *SOUND])


def _signatures_in_two_lines() -> bytes:
    """Labels in one line, who signed in the next."""
    return workbook(
        [
            TITLES,
            *SOUND,
            [],
            ["填报人", None, "审核人", None, "单位负责人", None, "填报日期"],
            ["张三", None, "李四", None, "王五", None, "2026年10月9日"],
        ]
    )


def _explained() -> bytes:
    """A table of explanations below the form's own."""
    return workbook(
        [
            TITLES,
            *SOUND,
            [],
            ["填表说明："],
            ["1.本表由各市工业和信息化局填报。"],
            ["2.专网类型分为虚拟专网、混合专网、独立专网三类。"],
            ["指标", "解释", "计量单位"],
            ["宏站数量", "建成的室外宏基站", "个"],
            ["5G终端数", "接入专网的终端", "台"],
        ]
    )


def _cover_and_pages() -> bytes:
    """A cover, a summary, a list of codes, the register on two sheets, the second without titles."""
    return book(
        Sheet([["工业5G专网登记表"], ["填报单位：江苏省工业和信息化厅"], ["2026年10月"]], "封面"),
        Sheet(
            [["地市", "专网数", "宏站数", "室分数", "终端数", "投资"], *[["苏州", 3, 9, 4, 100, 5]] * 13],
            "汇总",
        ),
        Sheet([["类型", "代码"], *[["混合专网", "NT-02"]] * 40], "代码"),
        Sheet([TITLES, *SOUND[:3]], "明细1"),
        Sheet(SOUND[3:], "明细2"),
        Sheet([["备注", "本表已核对"]], "Sheet6"),
    )


def _summary_by_city() -> bytes:
    """As wide as the form, but figures alone."""
    cities = [[f"第{n}市", *range(n, n + WIDTH - 1)] for n in range(1, 14)]
    return book(Sheet([TITLES, *SOUND], "明细"), Sheet([["地市", *TITLES[1:]], *cities][1:], "按市汇总"))


def _appendix() -> bytes:
    """The other form's table below this one's."""
    other = [column.label_zh for column in FORMS["ai_applications"].columns]
    return workbook(
        [TITLES, *SOUND, [], ["人工智能应用"], other, *[["JS-AI-1", *["甲"] * (len(other) - 1)]] * 2]
    )


def _levels_in_text() -> bytes:
    """Two levels of titles without merged cells, as text files have them."""
    upper, lower = list(TITLES), [""] * WIDTH
    for key, title, parent in (
        ("base_stations_macro", "宏站数量", "基站情况"),
        ("base_stations_indoor", "室分及小站数量", ""),
        ("base_stations_dedicated", "其中：专用基站数", ""),
        ("terminals", "5G终端数", "终端情况"),
        ("terminals_redcap", "其中：RedCap终端数", ""),
    ):
        upper[KEYS.index(key)], lower[KEYS.index(key)] = parent, title
    rows = [[cell.isoformat() if isinstance(cell, date) else cell for cell in row] for row in SOUND]
    return csv_bytes([["江苏省登记表"], upper, lower, *rows], encoding="gb18030")


def _sparse_last() -> bytes:
    """The last record has no code and no more than ten cells: it is one all the same."""
    sparse = [cell if at in range(1, 11) else None for at, cell in enumerate(SOUND[4])]
    return workbook([TITLES, *SOUND[:4], sparse])


def _sparse_inside() -> bytes:
    """A record of which only the enterprise is known yet stands among the others."""
    return workbook([TITLES, *SOUND[:2], line_of(enterprise_name="某公司"), *SOUND[3:]])


def _units_below(*units: str) -> Callable[[], bytes]:
    """Titles without units, and a row of units below them."""
    plain = titled(
        latency_ms="端到端时延", reliability_pct="可靠性", uplink_mbps="上行速率", investment_10k_cny="总投资"
    )
    keys = (
        "base_stations_macro",
        "base_stations_indoor",
        "terminals",
        "latency_ms",
        "uplink_mbps",
        "investment_10k_cny",
    )
    line = line_of(**dict(zip(keys, units, strict=True)))
    return lambda: workbook([plain, line, *SOUND])


def _nothing() -> bytes:
    """A row of dashes for what there is not."""
    return workbook([["序号", *TITLES], *numbered(SOUND), ["—"] * (WIDTH + 1), [6, *["无"] * WIDTH]])


MESSY = (
    # what stands below the table
    Messy("office and date below", below(at(1, "江苏省工业和信息化厅"), at(1, "2026年10月9日")), FIVE, TOLD, [NOTES] * 2),
    Messy("office and date in the key's column", below(["江苏省工业和信息化厅"], [date(2026, 10, 9)]), FIVE, TOLD, [NOTES] * 2),
    Messy("office and date far right, after a gap", below([], [], at(28, "江苏省工信厅（盖章）"), at(28, "二〇二六年十月九日")), FIVE, TOLD * 2, [NOTES] * 2 + [BLANK] * 2),
    Messy("three words in one line after a gap", below([], ["江苏省工信厅", None, "张三", None, None, "2026年10月9日"]), FIVE, TOLD * 2, [NOTES, BLANK]),
    Messy("labels in one line, names in the next", _signatures_in_two_lines, FIVE, TOLD * 2, [NOTES, BLANK, "filling_block"]),
    Messy("a label in the middle of the line", below(at(4, "江苏省工信厅", None, None, "填表人：张三", None, "电话：025-8888888")), FIVE, (), ["filling_block"]),
    Messy("a statement merged over the table", below(["以上数据真实、准确、完整。"], merged=[f"A7:{LAST}7"]), FIVE, TOLD, [NOTES]),
    Messy("以下空白", below_numbers(at(3, "（以下空白）")), FIVE, TOLD, [NOTES]),
    Messy("以下无正文 beside 序号", below_numbers(["以下无正文"]), FIVE, TOLD, [NOTES]),
    Messy("source and number of records", below(["数据来源：各市工业和信息化局"], ["共5条"], ["共5张专网，其中独立专网1张"]), FIVE, TOLD, [NOTES] * 3),
    Messy("rows of dashes", _nothing, FIVE, TOLD, [BLANK] * 2),
    Messy("page numbers between records", lambda: workbook([TITLES, *SOUND[:3], at(15, "第 1 页  共 2 页"), *SOUND[3:], at(15, "第 2 页  共 2 页")]), [[2, 3, 4, 6, 7]], TOLD, [NOTES] * 2),
    Messy("a telephone number", below(at(1, "13912345678"), ["025-88888888"]), FIVE, TOLD, [NOTES] * 2),
    Messy("a star and its note", below(["*本表不含在建项目"], ["※ 投资额为估算数"]), FIVE, TOLD, [NOTES] * 2),
    Messy("explanations with a table", _explained, FIVE, TOLD * 3, ["tail"] * 5 + [NOTES, BLANK]),
    Messy("an English end", below(["--- END ---"], ["Source: provincial bureaus"]), FIVE, TOLD, [NOTES] * 2),
    # totals
    *(
        Messy(f"a total that says {mark}", below([mark, *line_of(terminals=2100)[1:]]), FIVE, TOLD, [TOTAL])
        for mark in ("总 计（5）", "合计：", "合计（5条）", "合 计 5", "总计:5张", "Total", "TOTAL (5)", "Grand total", "累计", "共 计", "全省合计（5张）", "Sum")
    ),
    Messy("a wrong total with a count", below(["合计（5）", *line_of(terminals=99)[1:]]), FIVE, ["file.I016", "file.W017"], [TOTAL]),
    Messy("sums without a word", below(line_of(base_stations_macro=20, terminals=2100, investment_10k_cny=4302.5)), FIVE, TOLD, [TOTAL]),
    Messy("a total beside 序号 and a page's sum", _three_headers, [[3, 4, 9, 10, 15]], TOLD * 3, [REPEATED] * 4 + [TOTAL] * 3 + [BLANK] * 2),
    Messy("counties with their sums", _counties, [[3, 4, 7, 8, 9]], TOLD * 2, ["single"] * 2 + [TOTAL] * 3),
    Messy("names of cities merged over the table", _named_groups, [[3, 4, 6, 7, 8]], TOLD, ["single"] * 2),
    # filled down
    Messy("序号 filled down", below_numbers(*([n] for n in range(6, 59))), FIVE),
    Messy("序号 filled down and a total below", below_numbers(*([n] for n in range(6, 59)), ["合计", *line_of(terminals=2100)]), FIVE, TOLD * 2, [BLANK] * 53 + [TOTAL]),
    Messy("formulas filled down", _prefilled_formulas, FIVE, TOLD, [BLANK] * 54),
    Messy("errors filled down", _prefilled_errors, FIVE, TOLD, [BLANK] * 40),
    Messy("choices filled down", _prefilled_choices, FIVE, TOLD, [BLANK] * 200),
    Messy("codes made in advance", _prefilled_codes, FIVE, TOLD, ["single"] * 34),
    # titles
    Messy("titles with a colon", headed([f"{title}：" for title in TITLES]), FIVE),
    Messy("titles with English in the second line", headed([f"{zh}\n{en}" for zh, en in zip(TITLES, LABELS, strict=True)]), FIVE),
    Messy("English in brackets", headed([f"{zh} ({en})" for zh, en in zip(TITLES, LABELS, strict=True)]), FIVE),
    Messy("English titles", headed(LABELS), FIVE),
    Messy("field keys", headed(KEYS), FIVE),
    Messy("a row of English titles", _bilingual_rows, [[4, 5, 6, 7, 8]], TOLD, [REPEATED]),
    Messy("two rows that tell how to fill in", _two_rows_of_hints, [[4, 5, 6, 7, 8]], TOLD, [NOTES] * 2),
    Messy("numbered titles with stars", headed([f"{n}．*{title}（必填）" for n, title in enumerate(TITLES, start=1)]), FIVE),
    Messy("a hint below each title", headed([f"{title}\n（请按营业执照填写）" for title in TITLES]), FIVE),
    Messy("spaces and breaks inside", headed([" ".join(title) + "\n" for title in TITLES]), FIVE),
    Messy("quoted titles", headed([f"“{title}”" for title in TITLES]), FIVE),
    Messy("levels of titles in a text file", _levels_in_text, [[4, 5, 6, 7, 8]]),
    Messy("traditional characters", headed(["專網編號", "專網名稱", "企業名稱", "統一社會信用代碼", "企業性質", "工廠（園區/礦區/港區）名稱", "建設地點", "詳細地址", "所屬行業代碼", "專網類型", "覆蓋層級", "承建運營商", "使用頻段", "頻率使用許可證號", "UPF部署方式", "是否使用切片", "宏站數量", "室分及小站數量", "其中：專用基站數", "5G終端數", "其中：RedCap終端數", "端到端時延（ms）", "可靠性（%）", "上行速率（Mbps）", "應用場景", "安全分級", "建設狀態", "開工時間", "建成/投運時間", "停用/拆除時間", "總投資（萬元）", "是否獨立專網試點", "備註"]), FIVE),
    Messy("what offices call the columns", headed(["5G专网编码", "专网项目名称", "用户单位", "统一信用代码", "经济类型", "园区（工厂）名称", "所在市（区、县）", "具体地址", "国民经济行业类别", "5G专网类型", "网络覆盖范围", "承建单位", "所用频段", "频率许可证编号", "UPF下沉方式", "是否采用网络切片", "5G宏基站数量（个）", "室分和小站数量（个）", "专用站数量", "接入终端总数（台）", "轻量化终端数", "平均时延（ms）", "可靠率（%）", "上行峰值带宽（Mbps）", "典型场景", "安全等级", "建设进展", "开工年月", "竣工投运时间", "退网日期", "总投资额（万元）", "是否试点", "其他说明"]), FIVE, ["file.I021"] * WIDTH),
    Messy("units in a row below the titles", _units_below("个", "个", "台", "ms", "Mbps", "万元"), SIX, ["file.I021"]),
    Messy("units in brackets below the titles", _units_below("（个）", "（个）", "（台）", "（ms）", "（Mbps）", "（万元）"), SIX, ["file.I021"]),
    # merged from the header down, and tables below one another
    Messy("notes merged down both sides", _side_notes, FIVE, ["file.W008"] * 2),
    Messy("a note merged over three rows", _short_side_note, FIVE, ["file.W008"]),
    Messy("a title beside a note", _title_over_note, SIX, ["file.W008"]),
    Messy("a second table in another order", _second_order, [[3, 4], [8, 9, 10]], TOLD * 2, [NOTES, BLANK, "filling_block"]),
    Messy("a second table in another unit", _second_units, [[2], [6]], [*TOLD, "file.I021"], ["filling_block", BLANK]),
    Messy("the other form's table below", _appendix, FIVE, TOLD * 3, [NOTES, BLANK, "tail", "tail"]),
    Messy("records on a sheet without titles", _cover_and_pages, [[2, 3, 4]], ["file.W022"]),
    Messy("a summary as wide as the form", _summary_by_city, FIVE),
    # records all the same
    Messy("a last record without its code", _sparse_last, FIVE, ["cell.E101"] * 10),
    Messy("a record of one cell inside", _sparse_inside, FIVE, ["cell.E101"] * 17),
)  # fmt: skip


@pytest.mark.parametrize("messy", MESSY, ids=lambda messy: messy.what)
def test_it_is_read_to_the_record(messy: Messy) -> None:
    result = validate(messy.build(), FORMS["networks"], Context("320000", Period(2026, 3)))
    assert result.frame is not None
    sheets = result.report.sheets
    assert [sheet.data_rows for sheet in sheets] == [len(rows) for rows in messy.rows]
    assert result.frame["_row"].to_list() == [row for rows in messy.rows for row in rows]
    findings = [
        skipped.kind for sheet in sheets for skipped in sheet.skipped if skipped.row > sheets[0].header_row
    ]
    assert sorted(kind for kind in findings if kind != "header") == sorted(messy.kinds)
    assert sorted(result.findings["code"]) == sorted(messy.said)


#: Lines that no office means as a record, between records and below them.
BETWEEN: tuple[list[Any], ...] = (
    [], ["一、苏州市"], ["（二）南京市"], ["合计", *line_of(terminals=9)[1:]], ["小 计（3）", *line_of(terminals=9)[1:]],
    list(TITLES), list(LABELS), at(9, "第2页 共3页"), ["苏州市"], line_of(terminals=0, base_stations_macro=0), ["示例", *SOUND[0][1:]],
)  # fmt: skip
BELOW: tuple[list[Any], ...] = (
    *BETWEEN, ["注：本表按季报送"], ["填表说明："], ["1.如实填写"], at(1, "江苏省工业和信息化厅"), at(2, date(2026, 10, 9)), at(30, "2026年10月"),
    ["以上数据真实、准确、完整。"], at(5, "以下空白"), ["数据来源：各市", "共5条"], ["填报人：张三", None, "电话：025-88888888"],
    at(3, "张三", "李四"), ["Total", *line_of(terminals=9)[1:]], line_of(remark="待补充"),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(BETWEEN), max_size=2), min_size=4, max_size=4),
    st.lists(st.sampled_from(BELOW), max_size=5),
)
def test_what_stands_between_and_below_records_changes_none_of_them(
    between: list[list[list[Any]]], beneath: list[list[Any]]
) -> None:
    lines: list[list[Any]] = [TITLES]
    for record, following in zip(SOUND, [*between, beneath], strict=True):
        lines += [record, *following]
    result = validate(workbook(lines), FORMS["networks"], Context("320000", Period(2026, 3)))
    plain = validate(workbook([TITLES, *SOUND]), FORMS["networks"], Context("320000", Period(2026, 3)))
    assert result.frame is not None
    assert plain.frame is not None
    assert result.frame.drop("_row").equals(plain.frame.drop("_row"))
    said = set(result.findings["code"])
    assert said <= {"file.I016", "file.W017", "file.W020"}
    [sheet] = result.report.sheets
    rows = [*result.frame["_row"], *(skipped.row for skipped in sheet.skipped)]
    assert sorted(rows) == list(range(1, max(rows) + 1))
    assert result.findings.filter(pl.col("code") == "file.I016")["params"].n_unique() == sum(
        result.findings["code"] == "file.I016"
    )


AI = FORMS["ai_applications"]
AI_KEYS, AI_TITLES = list(AI.by_key), [column.label_zh for column in AI.columns]
AI_SOUND = [[row[key] for key in AI_KEYS] for row in rows_of("ai_applications", ({}, {}))]
AI_CALLED = [
    "应用编码", "应用项目名称", "应用单位", "统一信用代码", "工厂/车间名称", "工厂所在市（区、县）", "具体地址", "行业分类代码", "应用环节名称", "人工智能场景",
    "算法类型", "基座大模型", "解决方案供应商", "供应商信用代码", "算力部署方式", "接入设备总数（台）", "承载专网编号", "数据安全等级", "应用进展", "投运时间", "下架时间", "总投资额（万元）",
    "生产效率提升率（%）", "产品不良率降低（%）", "停机时间缩短（%）", "节能率（%）", "运营成本节约（%）", "年新增效益（万元）", "其他说明",
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "titles", "beneath", "said"),
    [
        ("as offices call the columns", AI_CALLED, [], ["file.I021"] * len(AI_TITLES)),
        ("titles in two languages", [f"{c.label_zh}\n{c.label_en}" for c in AI.columns], [], []),
        ("English titles", [c.label_en for c in AI.columns], [], []),
        ("signature and date", AI_TITLES, [["以上数据真实"], at(1, "江苏省工信厅"), at(1, "2026年10月")], ["file.I016"]),
        ("numbers filled down", ["序号", *AI_TITLES], [[n] for n in range(3, 60)], []),
        ("a total in English", AI_TITLES, [["Total (2)"]], ["file.I016"]),
    ],
)  # fmt: skip
def test_the_other_form_alike(what: str, titles: list[str], beneath: Cells, said: list[str]) -> None:
    records = numbered(AI_SOUND) if titles[0] == "序号" else AI_SOUND
    result = validate(workbook([titles, *records, *beneath]), AI, Context("320000", Period(2026, 3)))
    assert result.frame is not None
    assert result.frame["_row"].to_list() == [2, 3]
    structure = [code for code in result.findings["code"] if code.startswith("file.")]
    assert sorted(structure) == said
    assert "E" not in {code.split(".")[1][0] for code in result.findings["code"]}
