"""Cells that show something else than they hold: what a person sees, and what must be read; one column a kind.

`python -m tests.validation.shown_cells FOLDER` writes the two workbooks that `soffice --convert-to` turned into
tests/shown/*.xls and *.ods.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from tests.validation.ruling import rows
from tests.validation.small_workbooks import Formula, Sheet, Styled, book
from validation import FORMS


class Shown(NamedTuple):
    """A cell of a field, the value that is read of it as text (None where none is), and the codes found at it.

    `original` is what a person sees in the cell, all digits kept; None where that is the plain value. An .ods file does
    not tell colours with its cells: `in_ods` is what is read and found there, where that is another.
    """

    key: str
    cell: Any
    value: str | None
    codes: tuple[str, ...] = ()
    original: str | None = None
    in_ods: tuple[str | None, tuple[str, ...]] | None = None


def _some(key: str, *cells: tuple[Any, ...]) -> list[Shown]:
    return [Shown(key, *cell) for cell in cells]


MONEY = "investment_10k_cny"
E102, W118 = ("cell.E102",), ("cell.W118",)
YUAN = '_ [$¥-804]* #,##0.00_ ;_ [$¥-804]* -#,##0.00_ ;_ [$¥-804]* "-"??_ ;_ @_ '
LARGE = '[>=100000000]0!.00,,"亿";[>=10000]0!.0,"万";0'

NETWORKS = [
    *_some(
        MONEY,
        (Styled(35, '"$"#,##0.00'), None, E102, "$35.00"),
        (Styled(35, "[$HK$-C04]#,##0"), None, E102, "HK$35"),
        (Styled(35, "[$€-2] #,##0"), None, E102),
        (Styled(35, '#,##0"美元"'), None, E102, "35美元"),
        (Styled(35, '"¥"#,##0.00'), "35.00"),
        (Styled(35, YUAN), "35.00"),
        (Styled(0, YUAN), "0.00", ("net.W329",)),
        (Styled(35, '#,##0.00"万元"'), "35.00"),
        (Styled(123_456, '0!.0,"万"'), "12.35", W118, "12.3456万"),
        (Styled(1_234_567, "0!.0000"), "123.46", W118),
        (Styled(123_456, "#,##0,"), "123.46", W118),
        (Styled(350, '0"千元"'), "35.00", W118, "350千元"),
        (Styled(3_500_000, '#,##0"元"'), "350.00", W118, "3500000元"),
        (Styled(123_456_789, LARGE), "12345.68", W118),
        (Styled(5_000, LARGE), "5000.00"),
        (Styled(35, ";;;"), "35.00", W118),
        (Styled(0, "0;-0;;@"), "0.00", ("net.W329",)),
        (Styled(35, '"约"0'), None, ("cell.E114",), "约35"),
        (Styled(1_250_000, "0.00E+00"), "1250000.00", ("row.W306",)),
        (Styled(1.5, "# ?/?"), "1.50"),
        (Styled(35, "0%"), None, E102, "3500%"),
    ),
    *_some(
        "terminals",
        (Styled(420, '0"台"'), "420"),
        (Styled(420, "[DBNum1][$-804]General"), "420"),
        (Styled(420, '0"余台"'), None, ("cell.E114",), "420余台"),
        (Styled(420, "0_);[Red](0)"), "420"),
        (Styled(date(2026, 3, 1), 'm"月"d"日"'), None, E102),
        (Styled(0.354, "h:mm"), None, E102),
        (Styled(1.5, "[h]:mm"), None, E102),
    ),
    *_some(
        "reliability_pct",
        (Styled(0.9995, "0.00%"), "99.95", (), "99.95%"),
        (Styled(99.95, '0.00"%"'), "99.95", (), "99.95%"),
        (Styled(99.95, "0.00\\%"), "99.95", (), "99.95%"),
        (Styled(99.95, "0.00%"), "9995.0", ("cell.E107",), "9995%"),
        (Styled(0.9995, "0.0000"), "0.9995", ("cell.E107",)),
    ),
    *_some(
        "commissioned_on",
        (Styled(date(2025, 7, 1), 'yyyy"年"m"月"'), "2025-07-31", (), "2025年7月"),
        (Styled(date(2025, 7, 15), "mmm-yy"), "2025-07-31", (), "2025年7月"),
        (Styled(date(2025, 7, 1), 'm"月"d"日"'), None, ("cell.E104",), "7月1日"),
        (Styled(datetime(2025, 7, 1, 8, 30), "h:mm"), None, ("cell.E104",), "8:30"),
        (Styled(date(2025, 7, 1), "yyyy/m/d;@"), "2025-07-01"),
        (Styled(date(2025, 7, 1), 'yyyy"年"m"月"d"日"'), "2025-07-01"),
        (Styled(2025.1, "0.00"), "2025-10-31", (), "2025.10"),
        (Styled(2025.1, "0.0"), None, ("cell.E105",)),
        (Styled(202507, '0000"年"00"月"'), "2025-07-31", (), "2025年07月"),
        (Styled(20250701, "0000-00-00"), "2025-07-01", (), "2025-07-01"),
    ),
    *_some(
        "network_code",
        (Styled(12, '"JS-"0000'), "JS-0012", (), "JS-0012"),
        (Styled(1_200_000, "0.00E+00"), None, ("cell.E109",), "1.20E+06"),
        (Styled(date(2026, 3, 1), 'm"月"d"日"'), None, ("cell.E109",), "3月1日"),
        (Styled(320_001, "#,##0.00"), "320001"),
        (Styled("0013", '"JS-"@'), "JS-0013", (), "JS-0013"),
    ),
    *_some(
        "industry_code",
        (Styled(61, "000"), "061", (), "061"),
        (Styled(391, "0.00"), "391"),
        (Styled(6, "00"), "06", ("row.W304",)),
    ),
    *_some(
        "spectrum_licence_no",
        (Styled(12_345_678, "0000000000"), "0012345678", (), "0012345678"),
        (Styled(5, '0"号楼"'), "5号楼", ("cell.E108",), "5号楼"),
        (Styled(123_456, ";;;"), None),
    ),
    *_some("region_code", (Styled(320_583, "000000"), "320583"), (Styled(320_583, "#,##0"), "320583")),
    *_some(
        "slicing",
        (Styled(1, '[=1]"是";[=0]"否"'), "True", (), "是"),
        (Styled(0, '[=1]"是";[=0]"否"'), "False", (), "否"),
        (Styled(0, "0;-0;;@"), "False"),
        (Styled(1, "0.00"), "True"),
    ),
    *_some("security_level", (Styled(3, '"第"0"级"'), "grade_3", (), "第3级"), (Styled(3, "0"), "grade_3")),
    *_some("address", (Styled(date(2026, 3, 1), "yyyy/m/d"), "2026/3/1", (), "2026/3/1")),
    *_some(
        "remark",
        (Formula("=1/0", "#DIV/0!"), None, ("cell.E110",), "#DIV/0!"),
        (Formula("=NA()", "#N/A"), None, ("cell.E110",), "#N/A"),
    ),
]  # fmt: skip

APPLICATIONS = [
    *_some(
        "cost_cut_pct",
        (Styled(0.253, "0.0%"), "25.3", (), "25.3%"),
        (Styled(0.1 + 0.2, "0%"), "30.0", (), "30%"),
        (Styled(0.5, '0.0"%"'), "0.5", (), "0.5%"),
        (Styled(0.5, "0.0\\%"), "0.5"),
        (Styled(0.5, "0.0_%"), "0.5", ("cell.W117",)),
        (Styled(25.3, '0.0"%"'), "25.3", (), "25.3%"),
        (Styled(25.3, "0.00"), "25.3"),
        (Styled(5, '0.0"‰"'), "0.5", W118, "5.0‰"),
        (Styled(1, "0%"), "100.0", ("cell.E107",), "100%"),
    ),
    *_some(
        "productivity_gain_pct",
        (Styled(-5, "0.0_);(0.0)"), "-5.0"),
        (Styled(-5, "0.0;[Red]0.0"), "-5.0", (), None, (None, ("cell.E114",))),
        (Styled(-5, "0.0;0.0"), None, ("cell.E114",), "±5.0%"),
        (Styled(-0.05, "0.0%;(0.0%)"), "-5.0", (), "-5.0%"),
        (Styled(0.05, "+0.0%;-0.0%"), "5.0", (), "+5.0%"),
    ),
]

SHEETS = {"networks": NETWORKS, "ai_applications": APPLICATIONS}


def written(collection: str, cells: Iterable[Shown]) -> bytes:
    """An xlsx with a row for each cell, in its own column; all else in the rows is sound."""
    form = FORMS[collection]
    titles = [column.label_zh for column in form.columns]
    lines = rows(collection, tuple({cell.key: cell.cell} for cell in cells))
    return book(Sheet([titles, *([line[key] for key in form.by_key] for line in lines)]))


def _for_libreoffice(cell: Shown) -> Shown:
    """The same format with the escape that is known in all languages."""
    if not isinstance(cell.cell, Styled):
        return cell
    return cell._replace(cell=Styled(cell.cell.value, cell.cell.number_format.replace("!", "\\")))


if __name__ == "__main__":
    for name, cells in SHEETS.items():
        (Path(sys.argv[1]) / f"{name}.xlsx").write_bytes(written(name, map(_for_libreoffice, cells)))
