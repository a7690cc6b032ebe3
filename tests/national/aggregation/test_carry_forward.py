"""Carrying forward: a quarter's first acceptance does not make figures drop, and everything equals a naive replay."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from national.definitions.areas import areas
from national.models import Cause, Change, Figure, Key, KnownKey
from national.verification.recompute import compare, periods
from submissions.files import storage
from submissions.models import Period, Register, Submission
from submissions.signoff import review
from tests.conftest import Cast
from tests.national.frames import applications, networks
from tests.national.registers import accept_frame, sign_frame

JIANGSU, ZHEJIANG, NINGBO = "320000", "330000", "330200"
SITE = {"enterprise_uscc": "91330000MA1000000Y", "site_name": "二厂"}


def of(area: str, indicator: str = "NET_COUNT", period: str = "2026Q3") -> Figure:
    return Figure.objects.in_force().get(area=area, indicator=indicator, period=period, breakdown="total")


@pytest.fixture
def reported(cast: Cast, earlier_period: Period, period: Period) -> Period:
    """Jiangsu with two and Ningbo with one network in 2026Q2, of one site; nothing yet in 2026Q3."""
    accept_frame(JIANGSU, earlier_period, "networks", networks({}, {"security_level": None}), by=cast.admin)
    accept_frame(NINGBO, earlier_period, "networks", networks({}), by=cast.admin)
    return period


def test_the_first_acceptance_of_a_quarter_does_not_make_the_headline_drop(
    cast: Cast, reported: Period
) -> None:
    accept_frame(ZHEJIANG, reported, "networks", networks({}, {}, {}), by=cast.admin)
    national = of("CN")
    assert (national.value, national.value_strict) == (6, 3)
    assert (national.units_accepted, national.units_carried, national.units_expected) == (1, 2, 37)
    assert (national.records, national.records_carried) == (6, 3)
    jiangsu = of(JIANGSU)
    assert (jiangsu.value, jiangsu.value_strict, jiangsu.carried_from) == (2, None, "2026Q2")
    assert jiangsu.submission == of(JIANGSU, period="2026Q2").submission
    # Zhejiang with Ningbo, and Jiangsu of which nothing is new
    assert (of("CN-33").value, of("CN-33").value_strict, of("CN-33").records_carried) == (4, 3, 1)
    assert (of("CN-32").value, of("CN-32").value_strict, of("CN-32").units_accepted) == (2, None, 0)


def test_what_arrives_takes_the_place_of_what_was_carried(cast: Cast, reported: Period) -> None:
    accept_frame(ZHEJIANG, reported, "networks", networks({}), by=cast.admin)
    accept_frame(JIANGSU, reported, "networks", networks({}), by=cast.admin)
    assert (of("CN").value, of("CN").value_strict, of("CN").units_carried) == (3, 2, 1)
    assert (of(JIANGSU).value, of(JIANGSU).carried_from) == (1, "")
    assert of("CN", period="2026Q2").value == 3


def test_a_late_register_is_carried_into_later_quarters(cast: Cast, reported: Period) -> None:
    accept_frame(JIANGSU, reported, "networks", networks({}), by=cast.admin)
    late = Period.objects.get(pk="2026Q2")
    accept_frame(ZHEJIANG, late, "networks", networks({}, {}), by=cast.admin)
    assert (of("CN", period="2026Q2").value, of("CN").value) == (5, 4)
    assert (of(ZHEJIANG).carried_from, of("CN").units_carried) == ("2026Q2", 2)
    change = of("CN").change
    assert (change.cause, change.unit_id, change.period) == (Cause.NEW_DATA, ZHEJIANG, "2026Q2")


def test_an_excluded_register_gives_way_to_the_one_before(cast: Cast, reported: Period) -> None:
    accept_frame(ZHEJIANG, reported, "networks", networks({}), by=cast.admin)
    wrong = accept_frame(JIANGSU, reported, "networks", networks(*[{}] * 9), by=cast.admin)
    assert of("CN").value == 11
    review.exclude(submission=wrong, by=cast.admin, reason="Counted twice")
    assert (of("CN").value, of(JIANGSU).value, of(JIANGSU).carried_from) == (4, 2, "2026Q2")
    change = of("CN").change
    assert (change.cause, change.by, change.reason) == (Cause.EXCLUSION, cast.admin, "Counted twice")
    assert change.submission == wrong


def test_an_exclusion_taken_back_leaves_the_figures_as_they_were(cast: Cast, reported: Period) -> None:
    """Of the middle one of three quarters, which the newest carries forward."""
    first, middle = (
        Period.objects.create(code=code, opens=reported.opens, due=reported.due, closes=reported.closes)
        for code in ("2025Q4", "2026Q1")
    )
    accept_frame(ZHEJIANG, first, "networks", networks({}), by=cast.admin)
    taken = accept_frame(ZHEJIANG, middle, "networks", networks({}, {}, SITE), by=cast.admin)
    accept_frame(JIANGSU, reported, "networks", networks({}), by=cast.admin)
    before = totals()
    review.exclude(submission=taken, by=cast.admin, reason="Counted twice")
    assert of(ZHEJIANG).carried_from == "2025Q4"
    assert all(compare(code).agrees for code in periods())
    assert totals() != before
    review.reinstate(submission=taken, by=cast.admin, reason="Not twice after all")
    assert totals() == before
    assert of(ZHEJIANG).carried_from == "2026Q1"
    assert all(compare(code).agrees for code in periods())
    change = of("CN").change
    strict_value = (change.cause, change.by, change.reason, change.submission)
    assert strict_value == (Cause.REINSTATEMENT, cast.admin, "Not twice after all", taken)


def totals() -> set[tuple[Any, ...]]:
    """Every figure in force, without when and why it came into force."""
    fields = (
        "indicator",
        "area",
        "period",
        "breakdown",
        "breakdown_value",
        "value",
        "value_strict",
        "records",
    )
    return set(
        Figure.objects.in_force().values_list(*fields, "units_accepted", "units_carried", "submission")
    )


def test_without_any_register_a_quarter_has_no_figures(cast: Cast, reported: Period) -> None:
    only = accept_frame(ZHEJIANG, reported, "networks", networks({}), by=cast.admin)
    review.exclude(submission=only, by=cast.admin, reason="Counted twice")
    assert not Figure.objects.in_force().filter(period="2026Q3").exists()
    assert not Key.objects.filter(period="2026Q3").exists()
    closed = Figure.objects.filter(period="2026Q3").values_list("closed_by__cause", flat=True)
    assert set(closed) == {Cause.EXCLUSION}
    assert of("CN", period="2026Q2").value == 3


def test_causes_tell_new_data_from_revisions(cast: Cast, reported: Period) -> None:
    accept_frame(ZHEJIANG, reported, "networks", networks({}), by=cast.admin)
    second = accept_frame(ZHEJIANG, reported, "networks", networks({}, {}), by=cast.admin)
    review.exclude(submission=second, by=cast.admin, reason="Counted twice")
    accept_frame(ZHEJIANG, reported, "networks", networks({}), by=cast.admin)
    causes = Change.objects.filter(unit=ZHEJIANG).values_list("cause", flat=True)
    assert list(causes) == [Cause.NEW_DATA, Cause.REVISION, Cause.EXCLUSION, Cause.NEW_DATA]


def test_means_and_shares_are_exact_quotients_of_sums(cast: Cast, reported: Period) -> None:
    ungraded = {"security_level": "ungraded"}
    accept_frame(ZHEJIANG, reported, "networks", networks({}, ungraded, ungraded), by=cast.admin)
    share = of("CN", "NET_GRADED_SHARE")
    assert (share.numerator, share.denominator, share.value) == (3, 6, 50)
    assert share.value_strict == Decimal("33.3333")
    gains = applications({"defect_cut_pct": 10.0}, {"defect_cut_pct": 12.5}, {})
    accept_frame(ZHEJIANG, reported, "ai_applications", gains, by=cast.admin)
    accept_frame(NINGBO, reported, "ai_applications", applications({"defect_cut_pct": 30.0}), by=cast.admin)
    accept_frame(JIANGSU, reported, "ai_applications", applications({}), by=cast.admin)
    mean = of("CN", "AI_DEFECT_CUT")
    assert (mean.numerator, mean.denominator, mean.value, mean.records) == (52.5, 3, 17.5, 3)
    # three units are accepted, one of which has nothing to divide
    assert mean.units_accepted == 3
    assert not Figure.objects.filter(area=JIANGSU, indicator="AI_DEFECT_CUT").exists()


def test_a_site_that_two_units_report_counts_once(cast: Cast, reported: Period) -> None:
    assert (of("CN", "SITES_5G", "2026Q2").value, of(JIANGSU, "SITES_5G", "2026Q2").value) == (1, 1)
    # carried in Jiangsu and Ningbo, and their site once more beside another one
    accept_frame(
        ZHEJIANG, reported, "networks", networks({}, SITE, SITE | {"site_name": "二 厂"}), by=cast.admin
    )
    national = of("CN", "SITES_5G")
    assert (national.value, national.value_strict, national.records) == (2, 2, 6)
    assert of("CN-33", "SITES_5G").value == 2
    split = Figure.objects.in_force().filter(
        area="CN", period="2026Q3", indicator="SITES_5G", breakdown="operator"
    )
    assert [(figure.breakdown_value, figure.value) for figure in split] == [("mobile", 2)]


def test_groups_are_covered_by_either_register(cast: Cast, reported: Period) -> None:
    for unit, ai in ((ZHEJIANG, {"industry_code": "061"}), (NINGBO, {"industry_code": "061"})):
        accept_frame(unit, reported, "networks", networks({}, {"industry_code": "36"}), by=cast.admin)
        accept_frame(unit, reported, "ai_applications", applications(ai), by=cast.admin)
    assert (of(NINGBO, "GROUPS_COVERED").value, of("CN", "GROUPS_COVERED").value) == (2, 2)
    split = Figure.objects.in_force().filter(
        area="CN", indicator="GROUPS_COVERED", breakdown="industry_section"
    )
    assert [(figure.breakdown_value, figure.value) for figure in split] == [("B", 1), ("C", 1)]


def test_an_acceptance_changes_its_unit_province_and_country_alone(cast: Cast, reported: Period) -> None:
    accept_frame(JIANGSU, reported, "networks", networks({}), by=cast.admin)
    last = Change.objects.latest("id")
    accept_frame(NINGBO, reported, "networks", networks({}, {}), by=cast.admin)
    late = Period.objects.get(pk="2026Q2")
    accept_frame(NINGBO, late, "networks", networks({}, {}, {}), by=cast.admin)
    touched = Figure.objects.filter(Q(change__gt=last) | Q(closed_by__gt=last)).order_by()
    assert set(touched.values_list("area", flat=True)) == {NINGBO, "CN-33", "CN"}
    # what the unit has of its own in a later quarter stays, and so does what is made of it
    assert set(touched.filter(change=Change.objects.latest("id")).values_list("period", flat=True)) == {
        "2026Q2"
    }


def test_only_what_two_units_report_is_known_as_shared(cast: Cast, reported: Period) -> None:
    accept_frame(ZHEJIANG, reported, "networks", networks({}, SITE), by=cast.admin)
    accept_frame(ZHEJIANG, reported, "networks", networks(SITE), by=cast.admin)
    known = KnownKey.objects.filter(indicator="SITES_5G").values_list("key", "shared")
    assert dict(known) == {"91320000MA1000000X 一厂": True, "91330000MA1000000Y 二厂": False}
    held = Key.objects.filter(indicator="SITES_5G", unit=ZHEJIANG)
    assert list(held.values_list("key", flat=True)) == ["91330000MA1000000Y 二厂"]


def test_questions_do_not_grow_with_history(cast: Cast, reported: Period) -> None:
    """Within a quarter that others have reported for, however many came before it."""
    quarters = [reported]
    for code in ("2026Q4", "2027Q1", "2027Q2", "2027Q3"):
        made = Period(code=code, opens=reported.opens, due=reported.due, closes=reported.closes)
        made.save()
        quarters.append(made)
    counts = []
    for quarter in quarters:
        accept_frame(ZHEJIANG, quarter, "networks", networks({}), by=cast.admin)
        submission = sign_frame(JIANGSU, quarter, "networks", networks({}, SITE), cast.admin)
        with CaptureQueriesContext(connection) as queries:
            review.accept(submission=submission, by=cast.admin)
        counts.append(len(queries))
    assert counts[1:] == counts[:1] * 4


# the naive replay: registers in a dictionary, figures by loops over their rows


class Said(NamedTuple):
    """What a figure says."""

    value: Decimal
    strict: Decimal | None
    accepted: int
    carried: int
    records: int
    records_carried: int


Rows = list[dict[str, Any]]
Registers = dict[tuple[str, str, str], Rows]
UNITS, QUARTERS = [JIANGSU, ZHEJIANG, NINGBO], ["2026Q1", "2026Q2", "2026Q3"]
COLLECTIONS = {"networks": networks, "ai_applications": applications}


def counted(rows: Rows) -> Rows:
    return [row for row in rows if row["status"] == "operating"]


def _net_count(net: Rows, ai: Rows) -> list[Any]:
    return [1 for _ in counted(net)]


def _graded(net: Rows, ai: Rows) -> list[Any]:
    return [row["security_level"] == "grade_1" for row in counted(net)]


def _sites(net: Rows, ai: Rows) -> list[Any]:
    return [row["site_name"] for row in counted(net)]


def _on_5g(net: Rows, ai: Rows) -> list[Any]:
    codes = {row["network_code"] for row in counted(net)}
    return [1 for row in ai if row["network_code"] in codes]


def _groups(net: Rows, ai: Rows) -> list[Any]:
    return [row["industry_code"] for row in counted(net) + ai]


def _share(flags: list[Any]) -> Decimal:
    return (Decimal(100 * sum(flags)) / len(flags)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


#: indicator -> registers needed, what each row adds, how it adds up
NAIVE = {
    "NET_COUNT": (("networks",), _net_count, sum),
    "NET_GRADED_SHARE": (("networks",), _graded, _share),
    "SITES_5G": (("networks",), _sites, lambda flags: len(set(flags))),
    "AI_ON_5G": (("networks", "ai_applications"), _on_5g, sum),
    "GROUPS_COVERED": (("networks", "ai_applications"), _groups, lambda flags: len(set(flags))),
}


def replayed(registers: Registers) -> Iterator[tuple[tuple[str, str, str], Said]]:
    """Every total by indicator, area and period."""
    for indicator, (needs, rows_of, adds) in NAIVE.items():
        complete = {
            (unit, quarter)
            for unit in UNITS
            for quarter in QUARTERS
            if all((unit, name, quarter) in registers for name in needs)
        }
        for quarter in QUARTERS:
            if not any(held == quarter for _, held in complete):
                continue
            source = {
                unit: max(held for figure, held in complete if figure == unit and held <= quarter)
                for unit in UNITS
                if any(figure == unit and held <= quarter for figure, held in complete)
            }
            rows = {
                unit: rows_of(
                    registers.get((unit, "networks", held), []),
                    registers.get((unit, "ai_applications", held), []),
                )
                for unit, held in source.items()
            }
            for area in areas().values():
                members = [unit for unit in area.units if unit in source]
                own = [unit for unit in members if source[unit] == quarter]
                behind = [row for unit in members for row in rows[unit]]
                strict = [row for unit in own for row in rows[unit]]
                if not members or (adds is _share and not behind):
                    continue
                strict_value = None if not own or (adds is _share and not strict) else Decimal(adds(strict))
                yield (
                    (indicator, area.code, quarter),
                    Said(
                        Decimal(adds(behind)), strict_value, len(own), len(members) - len(own), len(behind),
                        len(behind) - len(strict),
                    ),
                )  # fmt: skip


def stored() -> dict[tuple[str, str, str], Said]:
    totals = Figure.objects.in_force().filter(breakdown="total", indicator__in=NAIVE)
    return {
        (figure.indicator, figure.area, figure.period): Said(
            figure.value, figure.value_strict, figure.units_accepted, figure.units_carried, figure.records,
            figure.records_carried,
        )
        for figure in totals
    }  # fmt: skip


_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "network_code": st.sampled_from(["N-01", "N-02", "N-03"]),
            "status": st.sampled_from(["operating", "planned"]),
            "security_level": st.sampled_from(["grade_1", "ungraded", None]),
            "site_name": st.sampled_from(["一厂", "二厂", "三厂"]),
            "industry_code": st.sampled_from(["061", "361", "441"]),
        }
    ),
    max_size=3,
    unique_by=lambda row: row["network_code"],
)
_ACTS = st.tuples(
    st.sampled_from(["accept", "accept", "accept", "exclude", "reinstate"]),
    st.sampled_from(UNITS),
    st.sampled_from([*COLLECTIONS]),
    st.sampled_from(QUARTERS),
    _ROWS,
)


def _rows_of(submission: Submission) -> Rows:
    """The rows that a register was made of."""
    return storage.frame_of(submission).to_dicts()


def perform(act: str, slot: tuple[str, str, str], rows: Rows, registers: Registers, cast: Cast) -> None:
    unit, collection, quarter = slot
    if act == "exclude":
        if registers.pop(slot, None) is not None:
            held = Register.objects.in_force().get(unit=unit, collection=collection, period=quarter)
            review.exclude(submission=held.submission, by=cast.admin, reason="Counted twice")
        return
    if act == "reinstate":
        gone = Submission.objects.filter(unit=unit, collection=collection, period=quarter, state="excluded")
        if slot not in registers and (last := gone.newest().first()):
            review.reinstate(submission=last, by=cast.admin, reason="Not twice")
            registers[slot] = _rows_of(last)
        return
    if collection == "ai_applications":
        rows = [
            {name: row[name] for name in ("network_code", "industry_code")} | {"status": "in_production"}
            for row in rows
        ]
    frame = COLLECTIONS[collection](*rows)
    accept_frame(unit, Period.objects.get(pk=quarter), collection, frame, by=cast.admin)
    registers[slot] = rows


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(_ACTS, min_size=2, max_size=8))
def test_figures_are_those_of_a_naive_replay(
    cast: Cast, period: Period, earlier_period: Period, acts: list[Any]
) -> None:
    """Whatever was accepted, replaced, late or excluded, in whatever order."""
    Period.objects.get_or_create(code="2026Q1", opens=period.opens, due=period.due, closes=period.closes)
    registers: Registers = {}
    with transaction.atomic():
        for act, unit, collection, quarter, rows in acts:
            perform(act, (unit, collection, quarter), rows, registers, cast)
            assert stored() == dict(replayed(registers))
        assert all(compare(code).agrees for code in periods())
        transaction.set_rollback(True)
