"""Code lists: every spelling leads to one code, and places and industries are found as people write them."""

from __future__ import annotations

import pytest

from validation.codelists import (
    labels,
    options,
    reporting_units,
    resolve,
    rows_of,
    scenario_stages,
    spellings,
)
from validation.codelists.fold import fold
from validation.codelists.industries import divisions as industry_divisions
from validation.codelists.industries import groups, industrial_divisions, read_industry
from validation.codelists.regions import divisions, find_place, full_name, places_of, stem, unit_of
from validation.periods import Period

NOW = Period(2026, 3)
ENUMS = sorted({row["codelist"] for row in rows_of("enums")} | {"scenario_5g", "scenario_ai"})


@pytest.mark.parametrize("codelist", ENUMS)
def test_every_spelling_of_every_option_leads_to_its_code(codelist: str) -> None:
    for option in options(codelist):
        for spelling in spellings(option):
            assert resolve(codelist, spelling) == option.code


@pytest.mark.parametrize("codelist", ENUMS)
def test_options_have_both_labels(codelist: str) -> None:
    assert all(option.label_zh and option.label_en for option in labels(codelist).values())


def test_an_unknown_list_is_an_error() -> None:
    with pytest.raises(KeyError):
        options("colours")


@pytest.mark.parametrize(
    "text", ["5925～6125MHz", "５９２５－６１２５ＭＨｚ", "5925—6125 mhz", "[5925-6125MHz".strip("[")]
)
def test_width_case_spaces_and_dashes_do_not_count(text: str) -> None:
    assert resolve("band", text) == "5925-6125M"


def test_brackets_of_all_kinds_are_one() -> None:
    assert fold("某园（一期）") == fold("某园【一期】") == fold("某园 (一期)")


def test_37_units_report() -> None:
    kinds = [unit.kind for unit in reporting_units().values()]
    assert len(kinds) == 37
    assert kinds.count("city_with_separate_plan") == 5
    assert kinds.count("corps") == 1


def test_ai_scenarios_know_their_stage() -> None:
    assert scenario_stages()["AI-PM-03"] == "production"
    assert "AI-OT-99" not in scenario_stages()
    assert "SM-24" not in scenario_stages()


def test_every_present_division_is_found_by_code_and_by_full_name() -> None:
    for code, division in divisions().items():
        if division.level == "province" or not division.exists_in(NOW):
            continue
        unit = unit_of(code)
        assert unit in reporting_units()
        assert find_place(code, unit, NOW).code == code
        province = divisions()[division.province].name
        assert find_place(province + full_name(code), unit, NOW).code == code


def test_every_unit_has_places() -> None:
    assert all(places_of(unit, NOW) for unit in reporting_units())


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("320500", "320000", "320500"),
        ("320500.0", "320000", "320500"),
        ("320500000000", "320000", "320500"),
        ("320583 昆山市", "320000", "320583"),
        ("昆山市（320583）", "320000", "320583"),
        ("江苏省苏州市", "320000", "320500"),
        ("苏州", "320000", "320500"),
        ("江苏-苏州-昆山市", "320000", "320583"),
        ("江苏省 / 苏州市 / 昆山市", "320000", "320583"),
        ("江苏省苏州市昆山市玉山镇", "320000", "320583"),
        ("苏州昆山", "320000", "320583"),
        ("南京市鼓楼区", "320000", "320106"),
        ("徐州鼓楼", "320000", "320302"),
        ("淮安", "320000", "320800"),  # the city contains the district of that name
        ("吉林", "220000", "220200"),
        ("上海市市辖区浦东新区", "310000", "310115"),
        ("浦东", "310000", "310115"),
        ("恩施", "420000", "422800"),
        ("延边", "220000", "222400"),
        ("玉屏", "520000", "520622"),
        ("东莞", "440000", "441900"),
        ("嘉峪关市", "620000", "620200"),
        ("河南省济源市", "410000", "419001"),
        ("南山区", "440300", "440305"),
        ("兵团石河子市", "660000", "659001"),
        ("朝阳区", "220000", "220104"),  # unique inside the unit, though not in the country
        ("大连市", "320000", "210200"),  # outside the unit, for row.E301 to tell
        ("宁波", "330000", "330200"),
    ],
)
def test_places_as_people_write_them(text: str, unit: str, code: str) -> None:
    place = find_place(text, unit, NOW)
    assert (place.code, place.replaced) == (code, False)


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("320584", "320000", "320509"),
        ("吴江市", "320000", "320509"),
        ("楚州区", "320000", "320803"),  # a former name of a division that kept its code
        ("341422", "340000", "340281"),  # abolished twice over
        ("昌都地区", "540000", "540300"),
    ],
)
def test_abolished_divisions_are_read_as_their_successor(text: str, unit: str, code: str) -> None:
    place = find_place(text, unit, NOW)
    assert (place.code, place.replaced) == (code, True)


@pytest.mark.parametrize(
    ("text", "unit", "candidates"),
    [
        ("鼓楼区", "320000", ("320106", "320302")),
        ("320304", "320000", ("320302", "320311", "320312")),  # split among three
        ("西湖区", "320000", ("330106", "360103")),
    ],
)
def test_names_that_may_mean_several(text: str, unit: str, candidates: tuple[str, ...]) -> None:
    place = find_place(text, unit, NOW)
    assert (place.code, place.candidates) == (None, candidates)


@pytest.mark.parametrize("text", ["昆三市", "无锡市昆山市", "江苏省", "320000", "3205", "999999", "139000"])
def test_what_is_no_place(text: str) -> None:
    assert find_place(text, "320000", NOW) == (None, False, ())


def test_a_division_exists_only_in_its_periods() -> None:
    assert find_place("500105", "500000", Period(2025, 3)).code == "500105"
    assert find_place("500105", "500000", Period(2025, 4)) == ("500157", True, ())
    assert find_place("659013", "660000", Period(2026, 1)).code is None
    assert find_place("659013", "660000", Period(2026, 2)).code == "659013"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("苏州市", "苏州"),
        ("浦东新区", "浦东"),
        ("恩施土家族苗族自治州", "恩施"),
        ("伊犁哈萨克自治州", "伊犁"),
        ("赣县", "赣县"),
    ],
)
def test_names_without_their_suffix(name: str, short: str) -> None:
    assert stem(name) == short


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("210202", "210200"),
        ("210102", "210000"),
        ("659004", "660000"),
        ("650102", "650000"),
        ("440305", "440300"),
    ],
)
def test_each_place_belongs_to_one_unit(code: str, unit: str) -> None:
    assert unit_of(code) == unit


def test_the_roadmaps_207_groups_lie_in_sections_b_to_d() -> None:
    assert len(groups()) == 207
    assert {code[:2] for code in groups()} <= set(industrial_divisions())
    assert len(industry_divisions()) == 97


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("6", "06"),
        ("061", "061"),
        ("C39", "39"),
        ("C-391", "391"),
        ("C3911计算机整机制造", "3911"),
        ("39 计算机、通信和其他电子设备制造业", "39"),
        ("计算机、通信和其他电子设备制造业", "39"),
        ("烟煤和无烟煤开采洗选", "061"),
        ("其他采矿业", "120"),
        ("99999", "99999"),
        ("制造业", None),
        ("C", None),
        ("39.1", None),
        ("飞船", None),
    ],
)
def test_industries_as_people_write_them(text: str, code: str | None) -> None:
    assert read_industry(text) == code
