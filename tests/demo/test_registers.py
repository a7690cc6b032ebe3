"""Demo data: deterministic, valid, proportionate, and spoilt exactly where it says."""

from __future__ import annotations

import csv
import io
from collections import Counter

import openpyxl
import polars as pl
import pytest

from demo import DEFECTS, register, workbook
from demo.credit_codes import credit_check, credit_code, credit_codes, organisation_check
from demo.enterprises import OWN_LETTERS, brand, unit_letters
from demo.growth import WEIGHTS
from demo.places import places
from demo.vocabulary import SUFFIX
from validation import FORMS, Period, catalogue
from validation.codelists import reporting_units
from validation.codelists.regions import unit_of

NOW = Period(2026, 3)
BEFORE = Period(2026, 2)
EVERY_UNIT = pytest.mark.parametrize("unit", list(WEIGHTS))
EVERY_COLLECTION = pytest.mark.parametrize("collection", list(FORMS))


def test_every_reporting_unit_has_a_weight_and_its_own_letters() -> None:
    assert set(WEIGHTS) == set(reporting_units())
    letters = [unit_letters(unit) for unit in WEIGHTS]
    assert len(set(letters)) == 37
    assert set(OWN_LETTERS.values()) <= set(letters)


def test_credit_codes_hold_both_checks() -> None:
    # The sample of GB 32100-2015 and the code of a ministry's printing works in public registers.
    for known in ("91350100M000100Y43", "91110000600037341L"):
        assert credit_check(known[:17]) == known[17]
        assert organisation_check(known[8:16]) == known[16]
    made = credit_code("320583", 12_345)
    assert (made[:2], len(made)) == ("91", 18)
    assert credit_check(made[:17]) == made[17]
    assert organisation_check(made[8:16]) == made[16]


def test_whole_columns_of_credit_codes_equal_single_ones() -> None:
    numbers = [0, 1, 30, 31, 960, 961, 28_000_000]
    column = credit_codes(pl.Series(["320583"] * len(numbers)), pl.Series(numbers))
    assert column.to_list() == [credit_code("320583", number) for number in numbers]


def test_brands_never_repeat() -> None:
    assert len({brand(number) for number in range(60_000)}) == 60_000


@EVERY_COLLECTION
def test_same_arguments_give_the_same_register(collection: str) -> None:
    assert register("320000", collection, NOW).equals(register("320000", collection, NOW))


@EVERY_UNIT
def test_places_are_the_units_own(unit: str) -> None:
    codes = {place.code for place in places(unit)}
    assert codes
    assert {unit_of(code) for code in codes} == {unit}
    used = {code for name in FORMS for code in register(unit, name, NOW)["region_code"]}
    assert used <= codes


@EVERY_UNIT
def test_names_are_plainly_invented_and_keys_unique(unit: str) -> None:
    for form in FORMS.values():
        records = register(unit, form.name, NOW)
        assert records["enterprise_name"].str.ends_with(SUFFIX).all()
        assert records[form.key.key].is_unique().all()
        assert records.height >= 12


@EVERY_UNIT
def test_history_is_plausible(unit: str) -> None:
    before, now = register(unit, "networks", BEFORE), register(unit, "networks", NOW)
    both = before.join(now, on="network_code", how="inner", suffix="_now")
    assert both.height == before.height
    assert (both["investment_10k_cny_now"] >= both["investment_10k_cny"]).all()
    assert (both["region_code_now"] == both["region_code"]).all()
    live = both.filter(pl.col.status.is_in(["built", "operating"]))
    assert not live["status_now"].is_in(["planned", "under_construction"]).any()
    assert (live["commissioned_on_now"] == live["commissioned_on"]).all()


@EVERY_UNIT
def test_applications_refer_to_their_enterprises_networks(unit: str) -> None:
    networks = register(unit, "networks", NOW).select("network_code", "enterprise_uscc", "status")
    referring = register(unit, "ai_applications", NOW).drop_nulls("network_code")
    joined = referring.join(networks, on="network_code", how="left", suffix="_network")
    assert (joined["enterprise_uscc"] == joined["enterprise_uscc_network"]).all()
    running = joined.filter(pl.col.status == "in_production")
    assert (running["status_network"] == "operating").all()


def test_half_the_country_grows_as_half_of_what_is_published() -> None:
    def counted(period: Period) -> int:
        live = pl.col.status.is_in(["built", "operating"])
        return sum(register(unit, "networks", period, scale=0.5).filter(live).height for unit in WEIGHTS)

    assert 10_000 < counted(Period(2025, 4)) < 10_500
    assert 11_750 < counted(NOW) < 12_250


def test_scale_shrinks_the_country() -> None:
    total = sum(register(unit, "networks", NOW).height for unit in WEIGHTS)
    assert 1_200 < total < 2_000


@EVERY_COLLECTION
def test_a_defect_is_declared_once_and_in_the_catalogue(collection: str) -> None:
    codes = [defect.code for defect in DEFECTS[collection]]
    assert [code for code, times in Counter(codes).items() if times > 1] == []
    assert set(codes) <= set(catalogue())
    for defect in DEFECTS[collection]:
        assert defect.column in FORMS[collection].by_key
        named = catalogue()[defect.code].columns
        assert named in ((), ("*",)) or defect.column in named


@EVERY_COLLECTION
def test_a_planted_defect_changes_its_rows_only(collection: str) -> None:
    clean = rows_of(workbook("320000", collection, NOW, format="csv").data)
    for defect in DEFECTS[collection]:
        if defect.code == "row.E302":  # Jiangsu has no city that reports for itself
            continue
        spoilt = workbook("320000", collection, NOW, defects=[defect.code], format="csv")
        lines = rows_of(spoilt.data)
        changed = {
            number
            for number, pair in enumerate(zip(clean, lines, strict=True), start=1)
            if pair[0] != pair[1]
        }
        assert len(changed) == 1
        assert changed <= {row for row, _, _ in spoilt.planted}
        assert {(column, code) for _, column, code in spoilt.planted} == {(defect.column, defect.code)}


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_no_two_defects_share_a_row() -> None:
    codes = [defect.code for defect in DEFECTS["networks"] if not defect.twin and defect.code != "row.E302"]
    planted = workbook("320000", "networks", NOW, scale=0.5, defects=codes).planted
    assert len({row for row, _, _ in planted}) == len(planted) == len(codes)


def test_a_defect_that_fits_no_row_is_refused() -> None:
    with pytest.raises(LookupError, match=r"row\.E302"):
        workbook("320000", "networks", NOW, defects=["row.E302"])
    with pytest.raises(KeyError):
        workbook("320000", "networks", NOW, defects=["file.E001"])


def test_a_city_of_another_unit_is_planted_where_there_is_one() -> None:
    assert workbook("330000", "networks", NOW, scale=0.5, defects=["row.E302"]).planted[0][1:] == (
        "region_code",
        "row.E302",
    )


@EVERY_COLLECTION
def test_handmade_sheet_has_titles_totals_and_notes(collection: str) -> None:
    made = workbook("320000", collection, NOW, rows=5, style="handmade", defects=["cell.E101"])
    sheet = openpyxl.load_workbook(io.BytesIO(made.data))["表1"]
    column = [cell.value for cell in sheet["B"]]
    assert column[0] == "附件1"
    assert column[8:15] == [1, 2, 3, 4, 5, "合 计", "注：以上数据截至2026年09月30日。"]
    ((row, key, code),) = made.planted
    assert 9 <= row <= 13
    place = [each.key for each in FORMS[collection].columns].index(key) + 3
    assert (sheet.cell(row, place).value, code) == (None, "cell.E101")


def test_file_names_tell_unit_collection_and_period() -> None:
    assert workbook("440300", "networks", NOW, rows=1).filename == "demo-SZ-networks-2026Q3.xlsx"
    assert (
        workbook("660000", "ai_applications", NOW, rows=1, format="csv").filename
        == "demo-BT-ai_applications-2026Q3.csv"
    )
