"""A third collection as an own module: electricity that sites used, in six columns. For tests alone.

`COLLECTION_PACKS=tests.packs.energy` installs it; nothing else of the project names it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import xlsxwriter

from national.definitions import indicators
from national.definitions.indicator import Indicator
from validation import Column, Form, Kind, Need, Role, install
from validation.forms.common import column_rules
from validation.rulebook.rule_examples import Rows
from validation.rules import Rule, Twins, twin_rule

COLUMNS = (
    Column("meter_code", "计量点编号", "Meter code", Kind.CODE, required=Need.YES, role=Role.KEY),
    Column("enterprise_name", "企业名称", "Enterprise name", Kind.TEXT, required=Need.YES, minimum=2, maximum=100),
    Column("enterprise_uscc", "统一社会信用代码", "Unified social credit code", Kind.USCC, required=Need.YES),
    Column("region_code", "所在地区", "Region", Kind.REGION, codelist="regions", required=Need.YES),
    Column("industry_code", "所属行业代码", "Industry", Kind.INDUSTRY, codelist="industries", required=Need.YES),
    Column(
        "energy_mwh", "用电量", "Electricity used", Kind.DECIMAL, unit="MWh",
        required=Need.YES, minimum=0, maximum=10_000_000, role=Role.SUM,
    ),
)  # fmt: skip

RULES = (
    *column_rules(COLUMNS),
    twin_rule("nrg.E601", ("meter_code",), Twins((pl.col("meter_code"),))),
    Rule("nrg.W602", ("energy_mwh",), pl.col("energy_mwh") > 0),
)

ENERGY = Form("energy", "工厂用电", "Electricity of factories", COLUMNS, RULES, abbreviation="NRG")

EXAMPLE = {
    "meter_code": "JS-NRG-0001",
    "enterprise_name": "苏州云岭电子有限公司（演示）",
    "enterprise_uscc": "91320583DEM00CT705",
    "region_code": "320583",
    "industry_code": "391",
    "energy_mwh": 1250.5,
}

install(
    ENERGY,
    catalogue=Path(__file__).with_name("energy.csv"),
    example_row=EXAMPLE,
    rule_examples={
        "nrg.E601": Rows("energy", ({}, {"energy_mwh": 3})),
        "nrg.W602": Rows("energy", ({"energy_mwh": 0},)),
    },
)

indicators.install(
    Indicator(
        "NRG_USED",
        "工厂用电量",
        "Electricity used by factories",
        "MWh",
        "MWh",
        definition_zh="各计量点用电量之和。",
        definition_en="Sum of the electricity that all meters counted.",
        collection="energy",
        population=lambda rule, frames: pl.lit(value=True),
        breakdowns=("industry_section", "industry_division"),
        columns=("energy_mwh",),
    )
)


def sheet(*changes: dict[str, object]) -> bytes:
    """An .xlsx of the form: a row for each of `changes` to the example, by field key, each of a meter of its own."""
    return _workbook(
        [column.label_zh for column in COLUMNS],
        (
            {**EXAMPLE, "meter_code": f"JS-NRG-{number}", **change}
            for number, change in enumerate(changes, start=2)
        ),
    )


def _workbook(titles: list[str], rows: Iterable[dict[str, object]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        page = book.add_worksheet(ENERGY.label_zh)
        page.write_row(0, 0, titles)
        for number, row in enumerate(rows, start=1):
            page.write_row(number, 0, list(row.values()))
    return content.getvalue()
