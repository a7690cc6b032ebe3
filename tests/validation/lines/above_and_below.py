"""Lines 1 to 11: what stands around the table and between its rows."""

from __future__ import annotations

from tests.validation.lines.case import TITLES, Case, at, body, line_of, sheet, titled
from tests.validation.small_workbooks import Formula, workbook
from validation import FORMS, Need
from validation.rulebook.example_rows import EXAMPLES

BLANK = (None, None, "file.I016")
REQUIRED = [column.key for column in FORMS["networks"].columns if column.required is Need.YES]


def _levels() -> bytes:
    """Two and three levels: base stations and investment under merged parents, the rest merged downwards."""
    top = titled(base_stations_macro="基站", base_stations_indoor="基站", base_stations_dedicated="基站")
    middle = titled(base_stations_macro="公网", base_stations_indoor="公网", base_stations_dedicated="专用")
    low = titled(
        base_stations_macro="宏站数量",
        base_stations_indoor="室分及小站数量",
        base_stations_dedicated="专用基站数",
    )
    return workbook(
        [top, middle, low, *body({}, {"base_stations_macro": 7, "base_stations_indoor": 9})],
        merged=["Q1:S1", "Q2:R2", "A1:A3", "B1:B3"],
    )


def _same_child() -> bytes:
    """数量 under two parents."""
    top = titled(base_stations_macro="宏站", base_stations_indoor="室分")
    low = titled(base_stations_macro="数量", base_stations_indoor="数量")
    return workbook(
        [top, low, *body({"base_stations_macro": 3, "base_stations_indoor": 9})], merged=["A1:A2"]
    )


def _numbered() -> bytes:
    numbers = ["甲", "乙", *range(1, len(TITLES) - 1)]
    return workbook([TITLES, numbers, *body({}, {})])


def _running_numbers() -> bytes:
    numbers = [None, 1, 1, "5、", "（7）"]
    lines = [
        ["序号", *TITLES],
        *([n, *cells] for n, cells in zip(numbers, body({}, {}, {}, {}, {}), strict=True)),
    ]
    return workbook(lines)


def _total(mark: str, at_column: int, **sums: float) -> list[object]:
    cells = line_of(**sums)
    cells[at_column] = mark
    return cells


def _sums() -> bytes:
    """Two subtotals of which the second is wrong, a page total, and a right grand total."""
    first, second, third = body({"terminals": 100}, {"terminals": 200}, {"terminals": 300})
    return workbook(
        [
            TITLES,
            first,
            second,
            _total("小 计", 1, terminals=300),
            third,
            _total("小计", 0, terminals=310),
            _total("本页合计", 2, terminals=600),
            _total("总　计", 3, terminals=600),
        ]
    )


def _sample() -> list[object]:
    return [EXAMPLES["networks"][key] for key in EXAMPLES["networks"]]


def _parted() -> bytes:
    """Short leaves under parents that carry the rest of the name, and the unit."""
    top = titled(
        base_stations_macro="基站数量（个）", terminals="终端数量（万台）", investment_10k_cny="投资（亿元）"
    )
    low = titled(
        base_stations_macro="宏站",
        base_stations_indoor="室分及小站",
        base_stations_dedicated="其中：专用",
        terminals="5G终端",
        terminals_redcap="其中：RedCap",
        investment_10k_cny="总投资",
    )
    row = body({"terminals": 0.042, "terminals_redcap": 0.006, "investment_10k_cny": 1.2})
    return workbook([top, low, *row], merged=["Q1:S1", "T1:U1", "A1:A2"])


CASES = (
    Case(
        1,
        "附件1, merged title rows, the period in the title",
        lambda: sheet({}, above=[["附件1"], ["江苏省2026年三季度工业5G专网登记表"], []], merged=["A2:AG2"]),
        rows=[[5]],
    ),
    Case(
        1,
        "another period in the title, the header in row 30",
        lambda: sheet({}, above=[["2026年第二季度登记表"], *[["…"]] * 28]),
        at((None, None, "file.E011")),
        rows=[[31]],
    ),
    Case(
        1,
        "a header below the first 30 rows",
        lambda: sheet({}, above=[["…"]] * 30),
        [(None, None, None, "file.E005")],
    ),
    Case(
        2,
        "the filling-in block above and below",
        lambda: sheet(
            {},
            above=[["填报单位：江苏省工业和信息化厅", None, "填报人：张三", None, "联系电话：13900001111"]],
            below=[["审核人：李四", None, "填报日期：2026年10月8日", None, "联系电话", "025-88888888"]],
        ),
        rows=[[3]],
    ),
    Case(
        2,
        "another unit in the block",
        lambda: sheet({}, above=[["填报单位（盖章）", "浙江省经济和信息化厅"]]),
        at((None, None, "file.E012")),
    ),
    Case(
        3,
        "three levels of titles with merged parents",
        _levels,
        at((None, "base_stations_dedicated", "file.I021")),
        {"base_stations_macro": [4, 7], "base_stations_indoor": [36, 9], "base_stations_dedicated": [12, 12]},
        rows=[[4, 5]],
    ),
    Case(
        3,
        "the same child under two parents",
        _same_child,
        at((None, "base_stations_indoor", "file.I021")),
        {"base_stations_macro": [3], "base_stations_indoor": [9]},
    ),
    Case(
        3,
        "children that are whole with their parents alone, and their parents' units",
        _parted,
        at(
            (None, "base_stations_dedicated", "file.I021"),
            (None, "terminals", "file.I021"),
            (None, "terminals_redcap", "file.I021"),
            (None, "investment_10k_cny", "file.I021"),
        ),
        {
            "base_stations_indoor": [36],
            "terminals": [420],
            "terminals_redcap": [60],
            "investment_10k_cny": ["12000.00"],
        },
        rows=[[3]],
    ),
    Case(
        4,
        "units in titles without brackets",
        lambda: workbook(
            [
                titled(
                    investment_10k_cny="总投资/亿元",
                    reliability_pct="可靠性%",
                    uplink_mbps="上行速率Gbps",
                    latency_ms="端到端时延（毫秒）",
                ),
                *body({"investment_10k_cny": 1.2, "uplink_mbps": 0.75}),
            ]
        ),
        read={"investment_10k_cny": ["12000.00"], "uplink_mbps": [750.0], "reliability_pct": [99.99]},
    ),
    Case(
        4,
        "units in titles",
        lambda: workbook(
            [
                titled(
                    investment_10k_cny="总投资（亿元）",
                    terminals="5G终端数（万台）",
                    latency_ms="端到端时延（s）",
                    uplink_mbps="上行速率（Gbps）",
                ),
                *body(
                    {"investment_10k_cny": 1.2, "terminals": 0.042, "latency_ms": 0.0125, "uplink_mbps": 0.75}
                ),
            ]
        ),
        read={
            "investment_10k_cny": ["12000.00"],
            "terminals": [420],
            "latency_ms": [12.5],
            "uplink_mbps": [750.0],
        },
    ),
    Case(
        4,
        "a unit line at the top right",
        lambda: workbook(
            [
                [None] * 30 + ["单位：元、台"],
                titled(investment_10k_cny="总投资"),
                *body({"investment_10k_cny": 8_605_000}),
            ]
        ),
        findings=at((None, "investment_10k_cny", "file.I021")),
        read={"investment_10k_cny": ["860.50"]},
    ),
    Case(
        4,
        "the title contradicts the unit line; a foreign unit",
        lambda: workbook([["单位：元"], titled(uplink_mbps="上行速率（ms）"), *body({})]),
        at((None, "uplink_mbps", "file.E018"), (None, "investment_10k_cny", "file.E018")),
    ),
    Case(5, "甲 乙 1 2 3 under the titles", _numbered, at(BLANK), rows=[[3, 4]]),
    Case(
        5,
        "1 2 3 under the titles",
        lambda: workbook([TITLES, list(range(1, len(TITLES) + 1)), *body({})]),
        at(BLANK),
        rows=[[3]],
    ),
    Case(6, "序号 blank, repeated, with gaps and marks", _running_numbers, rows=[[2, 3, 4, 5, 6]]),
    Case(
        7,
        "a name merged down, and a blank outside the merge",
        lambda: sheet({}, {"enterprise_name": None}, {"enterprise_name": None}, merged=["C2:C3"]),
        at((2, "enterprise_name", "cell.W120"), (4, "enterprise_name", "cell.E101")),
        {"enterprise_name": ["苏州云岭电子有限公司（演示）"] * 2 + [None]},
    ),
    Case(
        8,
        "subtotals, page total and total",
        _sums,
        at(BLANK, (6, "terminals", "file.W017")),
        rows=[[2, 3, 5]],
    ),
    Case(
        8,
        "titles of groups above their rows",
        lambda: workbook([TITLES, ["一、苏州市"], body({})[0], ["（二）南京市"], body({}, {})[1]]),
        at(BLANK),
        rows=[[3, 5]],
    ),
    Case(
        8,
        "totals that say how many records they are of, and in English",
        lambda: workbook(
            [
                TITLES,
                *body({}, {}),
                _total("总 计（2）", 0, terminals=840),
                _total("Subtotal", 1, terminals=840),
                _total("Total", 0, terminals=1),
            ]
        ),
        at(BLANK, (6, "terminals", "file.W017")),
        rows=[[2, 3]],
    ),
    Case(
        9,
        "notes after the data",
        lambda: sheet({}, below=[["注：本表数据截至季度末。"], ["JS-99", "不再读取"]]),
        at(BLANK, BLANK),
        rows=[[2]],
    ),
    Case(
        9,
        "填表说明 after the data",
        lambda: sheet({}, {}, below=[["填表说明：", "1.如实填写"]]),
        at(BLANK),
        rows=[[2, 3]],
    ),
    Case(
        9,
        "signature and date, a statement, 以下空白, the source and the number of records",
        lambda: sheet(
            {},
            below=[
                ["以上数据真实、准确、完整。"],
                [None, None, "以下空白"],
                ["数据来源：各市工信局", "共1条"],
                [None, "江苏省工业和信息化厅"],
                [None, "2026年10月9日"],
            ],
        ),
        at(BLANK),
        rows=[[2]],
    ),
    Case(
        9,
        "a page's title with another number, and the titles again",
        lambda: workbook(
            [
                ["表1 江苏省工业5G专网（第1页）"],
                TITLES,
                *body({}),
                ["表1 江苏省工业5G专网（第2页）"],
                TITLES,
                *body({}, {})[1:],
            ]
        ),
        at(BLANK),
        rows=[[3, 6]],
    ),
    Case(
        9,
        "little below the last full record is a note, little between records a record",
        lambda: workbook(
            [TITLES, *body({}), line_of(enterprise_name="某公司"), *body({}, {})[1:], line_of(remark="待补")]
        ),
        at(BLANK, *[(3, key, "cell.E101") for key in REQUIRED if key != "enterprise_name"]),
        rows=[[2, 3, 4]],
    ),
    Case(
        10,
        "序号, zeros and formulas filled down",
        lambda: workbook(
            [
                ["序号", *TITLES],
                [1, *body({})[0]],
                *([n, *line_of(terminals=0, terminals_redcap=Formula("=0", 0))] for n in range(2, 30)),
                *([n] for n in range(30, 60)),
            ]
        ),
        at(BLANK),
        rows=[[2]],
    ),
    Case(
        10,
        "blank rows inside, hundreds of them too",
        lambda: workbook([TITLES, body({})[0], [], [" "], body({}, {})[1], *[[]] * 201, body({}, {}, {})[2]]),
        at(BLANK),
        rows=[[2, 5, 207]],
    ),
    Case(
        11,
        "the template's sample row, and one marked 示例",
        lambda: workbook([TITLES, _sample(), ["示例", *_sample()[1:]], *body({"network_code": "JS-7777"})]),
        at((2, None, "file.W020"), (3, None, "file.W020")),
        rows=[[4]],
    ),
)
