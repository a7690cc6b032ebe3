"""The sentences of the public pages: every number in them is counted again from the records of accepted registers."""

from __future__ import annotations

import re
from collections import Counter
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
from django.test import Client

from national.disclosure.queue import judge_now
from national.models import Plan, PublishedValue
from submissions.models import Period
from tests.conftest import Cast
from tests.national.frames import applications, networks
from tests.national.records import BOTH, by_division, division, held
from tests.national.registers import accept_frame, publish_all
from tests.portal.figures.test_pages import chart, page
from validation.codelists import options
from validation.codelists.industries import groups, industrial_divisions

#: Zhejiang, Ningbo, Jiangsu, Guangdong; Henan has never sent anything
ZJ, NB, JS, GD = "330000", "330200", "320000", "440000"
UNITS = 37


def _networks(*wanted: tuple[str, int], **more: Any) -> Any:
    """So many networks of each industry, each third of another type, each fifth built and not yet operating."""
    codes = [industry for industry, count in wanted for _ in range(count)]
    return networks(
        *(
            {
                "industry_code": code,
                "network_code": f"N-{number}",
                "network_type": ("virtual", "virtual", "hybrid")[number % 3],
                "status": "built" if number % 5 == 0 else "operating",
                "enterprise_uscc": f"{code}-{number}",
            }
            | more
            for number, code in enumerate(codes)
        )
    )


def _applications(*codes: str | None, industry: str = "361") -> Any:
    """An application in production for each network named, or for none."""
    return applications(*({"network_code": code, "industry_code": industry} for code in codes))


def _quarter(code: str) -> Period:
    like = Period.objects.get(code="2026Q3")
    made, _made = Period.objects.get_or_create(
        code=code, defaults={"opens": like.opens, "due": like.due, "closes": like.closes}
    )
    return made


@pytest.fixture(scope="module")
def country_once(world: Cast) -> None:
    """Three quarters. In the newest, Jiangsu is carried forward, and Guangdong has never sent its applications."""
    first, second, third = map(_quarter, ("2026Q1", "2026Q2", "2026Q3"))
    sent: list[tuple[Period, str, Any, Any]] = [
        (first, ZJ, _networks(("361", 4), ("131", 2)), _applications("N-1")),
        (first, JS, _networks(("371", 3)), _applications(None)),
        (second, ZJ, _networks(("361", 5), ("131", 2), ("011", 3)), _applications("N-1", "N-2")),
        (second, JS, _networks(("371", 4), ("061", 2), ("441", 1)), _applications("N-1", "N-1", "N-3")),
        (second, GD, _networks(("391", 6)), None),
        (third, ZJ, _networks(("361", 6), ("131", 3)), _applications("N-1", "N-2", "N-4", industry="362")),
        (third, NB, _networks(("361", 2), ("151", 1), terminals=0), _applications("N-0")),
        (third, GD, _networks(("391", 7), ("361", 2)), None),
    ]
    for period, unit, own_networks, own_applications in sent:
        accept_frame(unit, period, "networks", own_networks, by=world.admin)
        if own_applications is not None:
            accept_frame(unit, period, "ai_applications", own_applications, by=world.admin)
    for unit, goal in ((ZJ, 4_000), (JS, 7_000)):
        Plan.objects.create(unit_id=unit, year=2030, goal=goal, source="plan")
    publish_all()


@pytest.fixture
def country(country_once: None, db: None) -> None:
    """What the module accepted stands in the database."""


def numbers(sentence: str, text: str) -> list[Decimal]:
    """Return the numbers at the places of each # of a sentence of the page."""
    pattern = r"([\d,.]*\d)".join(re.escape(part) for part in sentence.split("#"))
    plain = re.sub(r"</?(strong|span|abbr)[^>]*>", "", text)
    match = re.search(pattern, plain)
    assert match is not None, (sentence, plain[plain.find(sentence[:12]) :][:300])
    return [Decimal(number.replace(",", "")) for number in match.groups()]


def percent(part: int, whole: int) -> Decimal:
    """To one decimal, without a zero at its end."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_EVEN).normalize()


def hundredth(part: Decimal | int, whole: int) -> Decimal:
    return (Decimal(part) / whole).quantize(Decimal("0.01"), ROUND_HALF_EVEN).normalize()


def counted(period: str = "2026Q3") -> int:
    return sum(len(unit.counted) for unit in held(period))


@pytest.fixture
def withheld(cast: Cast, period: Period) -> None:
    """Three units, most of whose industries are those of single enterprises, under disclosure control."""
    for unit, rows in (
        (JS, [*range(9), *([0] * 4)]),
        (ZJ, [*range(12)]),
        (GD, [*([0] * 8), *([1] * 9), *([2] * 9)]),
    ):
        codes = ("361", "371", "381", "391", "131", "151", "171", "221", "261", "331", "341", "351")
        registers = [
            {"industry_code": codes[at], "enterprise_uscc": f"{unit}-{at}-{number}"}
            for number, at in enumerate(rows)
        ]
        accept_frame(unit, period, "networks", networks(*registers), by=cast.admin)
    judge_now()


@pytest.mark.usefixtures("withheld")
def test_the_matrix_says_no_more_than_is_so_and_no_less_than_is_known(client: Client) -> None:
    text = page(client, "/traffic/")
    truth = {(unit.unit, code): n for unit in held("2026Q3") for code, n in by_division([unit]).items()}
    said = (
        "At least # of # combinations of industry and unit have a counted network: # with their number, # withheld (Q). "
        "The others have none, have no figure yet or are not published."
    )
    least, combinations, published, hidden = numbers(said, text)
    matrix = chart(text, "matrix")
    units = [column["key"] for column in matrix["columns"]][2:]
    cells = {
        (unit, row[0]): cell for row in matrix["rows"] for unit, cell in zip(units, row[2:], strict=True)
    }
    positive = {place: cell for place, cell in cells.items() if isinstance(cell, int) and cell > 0}
    assert positive == {place: truth[place] for place in positive}
    letters = {place for place, cell in cells.items() if cell == "Q"}
    assert letters <= set(truth)
    assert (published, hidden, least) == (len(positive), len(letters), len(positive) + len(letters))
    assert least < len(truth), "some are not listed at all"
    assert combinations == len(cells) == 41 * 37
    assert {place for place, cell in cells.items() if cell == 0}.isdisjoint(truth)


def test_a_chart_whose_numbers_are_withheld_does_not_say_that_there_are_none(
    client: Client, cast: Cast, period: Period
) -> None:
    for unit in (JS, ZJ):
        accept_frame(unit, period, "networks", networks({}, {}, {}), by=cast.admin)
    judge_now()
    text = page(client, "/provinces/?measure=NET_INVESTMENT")
    assert Counter(row[2] for row in chart(text, "provinces")["rows"] if row[2] is not None)["Q"] == 2
    figure = text[text.index('data-chart="provinces"') :].split("</figure>")[0]
    assert "There is no figure yet" not in figure
    assert "Withheld to protect the information of reporting enterprises." in figure
    chinese = page(client, "/provinces/?measure=NET_INVESTMENT", language="zh-hans")
    assert "不公开（保护填报单位信息）。" in chinese
    assert "尚无数据" not in chinese


@pytest.mark.usefixtures("country")
def test_the_headline(client: Client) -> None:
    text = page(client)
    units = held("2026Q3")
    own = [unit for unit in units if unit.period == "2026Q3"]
    assert (len(units), len(own)) == (4, 3)
    number = counted()
    assert numbers("# of # networks: # %", text) == [number, 50_000, hundredth(100 * number, 50_000)]
    said = "Sum of the accepted registers of # of # reporting units."
    assert numbers(said, text) == [len(own), UNITS]
    assert numbers(
        "For # unit without an accepted register the last accepted one is carried forward.", text
    ) == [1]
    assert numbers("Without what is carried forward: #.", text) == [sum(len(unit.counted) for unit in own)]
    assert numbers("2026Q3: registers of # of # reporting units are accepted.", text) == [len(own), UNITS]
    assert numbers("# unit carried forward", text) == [1]
    assert numbers("<dt>Still missing</dt><dd>#</dd>", text) == [50_000 - number]
    assert numbers("Only # of # reporting units have a figure", text) == [4, UNITS]
    assert numbers("2026Q3: # networks, # % of the goal of #.", text) == [
        number,
        hundredth(100 * number, 50_000),
        50_000,
    ]


@pytest.mark.usefixtures("country")
def test_the_road_to_traffic(client: Client) -> None:
    text = page(client, "/traffic/")
    units, both = held("2026Q3"), held("2026Q3", BOTH)
    operating = sum(len(unit.operating) for unit in units)
    assert numbers("Of # counted networks # % carry traffic.", text) == [
        counted(),
        percent(operating, counted()),
    ]
    assert [unit.unit for unit in both] == [JS, ZJ, NB]
    ai, on_5g = (sum(len(rows) for rows in of) for of in ([u.with_ai for u in both], [u.on_5g for u in both]))
    said = (
        "At least # % carry AI in production, and there are at least # AI applications on 5G per network: the AI "
        "applications of # of # units are not known."
    )
    assert numbers(said, text) == [percent(ai, counted()), hundredth(on_5g, counted()), 1, 4]
    shares = {unit.unit: percent(len(unit.operating), len(unit.counted)) for unit in units}
    assert numbers("The share that carries traffic goes from # % (Zhejiang) to # % (Ningbo).", text) == [
        shares[ZJ],
        shares[NB],
    ]
    assert (max(shares.values()), min(shares.values())) == (shares[ZJ], shares[NB])


@pytest.mark.usefixtures("country")
def test_the_matrix_when_all_is_published(client: Client) -> None:
    text = page(client, "/traffic/")
    filled = sum(len({division(row) for row in unit.counted}) for unit in held("2026Q3"))
    said = "At least # of # combinations of industry and unit have a counted network: # with their number, # withheld (Q)."
    assert numbers(said, text) == [filled, len(industrial_divisions()) * UNITS, filled, 0]


@pytest.mark.usefixtures("country")
def test_parts_and_provinces_largest_first(client: Client) -> None:
    text = page(client, "/industries/")
    units = held("2026Q3")
    whole = counted()
    types = Counter(row["network_type"] for unit in units for row in unit.counted)
    (first, most), (second, other) = types.most_common()
    names = {option.code: option.label_en for option in options("network_type")}
    said = f"Largest first: {names[first]} # (# %), {names[second]} # (# %)."
    assert numbers(said, text) == [most, percent(most, whole), other, percent(other, whole)]
    largest = [count for _division, count in by_division(units).most_common(3)]
    listed = chart(text, "divisions")["rows"]
    assert [row[2] for row in listed[:3]] == largest
    assert [Decimal(str(row[3])) for row in listed[:3]] == [percent(count, whole) for count in largest]
    by_province = Counter({"Zhejiang": 0, "Jiangsu": 0, "Guangdong": 0})
    for unit in units:
        name = {ZJ: "Zhejiang", NB: "Zhejiang", JS: "Jiangsu", GD: "Guangdong"}[unit.unit]
        by_province[name] += len(unit.counted)
    order = ", ".join(f"{name} #" for name, _count in by_province.most_common())
    said = f"Industrial 5G private networks, largest first: {order}."
    assert numbers(said, page(client, "/provinces/")) == [count for _name, count in by_province.most_common()]


@pytest.mark.usefixtures("country")
def test_coverage(client: Client) -> None:
    text = page(client, "/coverage/?period=2026Q3")
    listed = {
        row["industry_code"][:3]
        for unit in held("2026Q3", BOTH)
        for row in (*unit.counted, *unit.in_production)
    }
    covered = len(listed & set(groups()))
    said = "The units whose registers of both forms are accepted cover # of # groups; # are not covered."
    assert numbers(said, text) == [covered, 207, 207 - covered]
    accepted = re.findall(r"Accepted: (\d+) of 37 units", text)
    assert [int(number) for number in accepted] == [
        sum(unit.period == "2026Q3" for unit in held("2026Q3", [collection])) for collection in BOTH
    ]
    jiangsu = next(unit for unit in held("2026Q3") if unit.unit == JS)
    assert numbers("from #Q2, # records", text) == [2026, len(jiangsu.counted)]


@pytest.mark.usefixtures("country")
def test_plans(client: Client) -> None:
    sums = [2, UNITS, 11_000, 39_000, 50_000]
    said = "The plans of # of # units add up to #: # short of the goal of #."
    assert numbers(said, page(client, "/provinces/")) == sums
    said = "# of # units have a plan for the end of #. Together they plan # networks."
    assert numbers(said, page(client)) == [2, UNITS, 2030, 11_000]


@pytest.mark.usefixtures("country")
def test_the_roadmap(client: Client) -> None:
    text = page(client, "/roadmap/")
    units = held("2026Q3")
    operating = sum(len(unit.operating) for unit in units)
    stations = sum(
        row["base_stations_macro"] + row["base_stations_indoor"] for unit in units for row in unit.counted
    )
    assert numbers("# % (2026Q3)", text)[0] == percent(operating, counted())
    assert numbers("# stations (2026Q3)", text) == [stations]
    value = PublishedValue.objects.filter(
        series="industrial_internet_core_value_added", stated_date="2025"
    ).latest("pk")
    growth = (float(Decimal("2.5") / value.value) ** (1 / 5) - 1) * 100
    said = "From the last published year it needs to grow by # % a year to reach # in #."
    assert numbers(said, text) == [round(Decimal(growth), 1), Decimal("2.5"), 2030]


@pytest.mark.usefixtures("country")
def test_progress_is_not_judged_on_the_day_of_the_base(client: Client) -> None:
    text = page(client, "/roadmap/")
    assert "On track" not in text
    assert "The newest figure is of 2025-12-31, no later than the base (2025-12-31)." in text


@pytest.mark.usefixtures("country")
def test_what_no_official_source_states_is_marked_and_so_is_a_forecast(client: Client) -> None:
    text = page(client, "/roadmap/")
    listed = {item[:4]: item for item in re.findall(r"<li>(20\d\d:.*?)</li>", text)}
    assert len(listed) == 5
    assert {year for year, item in listed.items() if "Not confirmed by an official source" in item} == {
        "2021",
        "2023",
        "2025",
    }
    assert [year for year, item in listed.items() if "Forecast" in item] == ["2023"]
    assert told_actual(chart(text, "progress-value-added")) == {"2021", "2022", "2024", "2025"}
    start = page(client)
    assert start.count("Not confirmed by an official source") == 2
    assert "2025-12: more than 20,000 projects" in start


def told_actual(data: dict[str, Any]) -> set[str]:
    """The years with an actual value."""
    return {row[0] for row in data["rows"] if row[2] is not None}
