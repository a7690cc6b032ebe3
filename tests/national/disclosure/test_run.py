"""Clearing stored figures: nothing detailed is public before it, and nothing withheld is public after it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import ProgrammingError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat
from pytest_django import Settings

from national.definitions.indicator import Adds
from national.definitions.indicators import INDICATORS
from national.definitions.moments import database_time
from national.disclosure import queue
from national.disclosure.queue import judge_now, judge_waiting
from national.disclosure.run import judge, moments_before
from national.disclosure.solver import UnprotectedError
from national.disclosure.structure import LINKS, families, shape_of
from national.dissemination import releases
from national.dissemination.observation_status import Status, with_status
from national.dissemination.queries import figures, readable
from national.dissemination.visibility import Vantage
from national.models import Clearance, ClearanceState, ClearingRun, Figure, PublicFigure
from national.models.public_figure import HEADLINES, VIEW
from submissions.files.frame_cache import recent_frames
from submissions.files.stored_bytes import DamagedError
from submissions.models import Period, Submission
from tests.conftest import Cast
from tests.national.frames import networks
from tests.national.registers import accept_frame

STAFF = Vantage(staff=True)


def holdings(*counts: tuple[str, int, int]) -> list[dict[str, object]]:
    """Networks in an industry: (industry, enterprises, networks of each)."""
    return [
        {"industry_code": industry, "enterprise_uscc": f"{industry}-{number}"}
        for industry, enterprises, each in counts
        for number in range(enterprises)
        for _ in range(each)
    ]


@pytest.fixture
def accepted(cast: Cast, period: Period) -> None:
    """Three units, whose networks of industry 361 are those of single enterprises in Jiangsu and Zhejiang."""
    of_units = {
        "320000": holdings(("361", 1, 4), ("371", 6, 2), ("381", 5, 1)),
        "330000": holdings(("361", 1, 3), ("371", 5, 2), ("381", 7, 1)),
        "440000": holdings(("361", 8, 2), ("371", 6, 1), ("381", 6, 2)),
    }
    for unit, rows in of_units.items():
        accept_frame(unit, period, "networks", networks(*rows), by=cast.admin)


def published_parts(
    area: str, breakdown: str = "industry_division", indicator: str = "NET_COUNT"
) -> dict[str, object]:
    rows = figures(indicator=indicator, area=area, breakdown=breakdown)
    return {figure.breakdown_value: figure.value for figure in rows}


@pytest.mark.usefixtures("accepted")
def test_before_clearing_only_headline_totals_are_public() -> None:
    assert {figure.breakdown for figure in PublicFigure.objects.all()} == {"total"}
    assert published_parts("CN", "total") == {"": 75}
    assert published_parts("320000", "total") == {"": 21}
    assert published_parts("320000") == published_parts("CN") == {}
    assert published_parts("CN", "total", "NET_GRADED_SHARE") != {}
    assert published_parts("CN", "total", "NET_INVESTMENT") == {}
    assert published_parts("320000", "total", "NET_INVESTMENT") == {}
    assert figures(area="320000", breakdown="industry_division", vantage=STAFF).count() > 0


@pytest.mark.usefixtures("accepted")
def test_sensitive_cells_and_what_gives_them_away_are_withheld() -> None:
    judge_now()
    for unit, value in (("320000", 4), ("330000", 3)):
        own = published_parts(unit)
        assert own["36"] is None
        assert sum(figure is None for figure in own.values()) >= 2, "the total would give a single one away"
        staff = figures(indicator="NET_COUNT", area=unit, breakdown="industry_division", vantage=STAFF)
        (flagged,) = staff.filter(breakdown_value="36")
        assert (flagged.value, flagged.suppressed) == (value, True)
    assert published_parts("CN")["36"] == 23, "the country's figure stands"
    run = ClearingRun.objects.get()
    assert run.opened > run.withheld > 0
    assert run.derivable == 0
    assert judge("2026Q3", database_time()) is None, "nothing waits any more"


@pytest.mark.usefixtures("accepted")
def test_withheld_figures_are_shown_as_such_and_hold_no_number() -> None:
    judge_now()
    withheld = with_status(PublicFigure.objects.filter(suppressed=True), Vantage())
    assert withheld.exists()
    for figure in withheld:
        assert figure.status == Status.SUPPRESSED == "Q"
        numbers = (
            figure.value,
            figure.value_strict,
            figure.numerator,
            figure.denominator,
            figure.records,
            figure.records_carried,
        )
        assert numbers == (None,) * 6
    silent = Clearance.objects.filter(state=ClearanceState.SUPPRESSED_HIDDEN).values("figure")
    assert not PublicFigure.objects.filter(pk__in=silent).exists()


@pytest.mark.usefixtures("accepted")
def test_records_of_sums_do_not_tell_counts() -> None:
    judge_now()
    sums = PublicFigure.objects.filter(indicator="NET_TERMINALS", suppressed=False).exclude(breakdown="total")
    assert sums.exists()
    assert set(sums.values_list("records", flat=True)) == {None}


@pytest.mark.usefixtures("accepted")
def test_decisions_stand() -> None:
    judge_now()
    with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
        Clearance.objects.update(state=ClearanceState.OPEN)


def test_what_was_published_is_reckoned_with_when_a_unit_comes_later(
    cast: Cast, period: Period, accepted: None
) -> None:
    """The country's figures before and after differ by the new unit's: they may not both be public as they are."""
    judge_now()
    before = published_parts("CN")
    rows = networks(*holdings(("361", 1, 2), ("371", 5, 3), ("381", 6, 1)))
    accept_frame("510000", period, "networks", rows, by=cast.admin)
    judge_now()
    after = published_parts("CN")
    assert published_parts("510000").get("36") is None
    assert before["36"] is None or after["36"] is None
    assert ClearingRun.objects.count() == 2


def test_what_was_published_long_ago_is_reckoned_with_too(cast: Cast, period: Period, accepted: None) -> None:
    """Open, withheld for several states, and open again: the two ends differ by what came between them."""
    judge_now()
    long_ago = published_parts("CN")["36"]
    late = networks(*holdings(("361", 1, 2), ("371", 5, 3), ("381", 6, 1)))
    accept_frame("510000", period, "networks", late, by=cast.admin)
    judge_now()
    assert (long_ago, published_parts("CN")["36"]) == (23, None)
    for unit in ("110000", "120000", "130000", "140000"):
        rows = networks(*holdings(("371", 5, 2), ("381", 7, 1)))
        accept_frame(unit, period, "networks", rows, by=cast.admin)
        judge_now()
        # once it has left the last states too
        assert ClearingRun.objects.last().moment in moments_before("2026Q3", database_time(), ["NET_COUNT"])
    first = ClearingRun.objects.last()
    linked = moments_before("2026Q3", database_time(), ["NET_COUNT"])
    assert len(linked) == 4
    assert linked[0] == first.moment
    rows = networks(*holdings(("361", 9, 2), ("371", 5, 2), ("381", 7, 1)))
    accept_frame("150000", period, "networks", rows, by=cast.admin)
    judge_now()
    now, between = published_parts("CN")["36"], published_parts("150000")["36"]
    assert now is None or between is None, "their difference to what was open once is that of one enterprise"


@pytest.mark.usefixtures("accepted")
def test_no_share_tells_the_count_it_is_a_share_of() -> None:
    judge_now()
    states = {
        code: dict(
            Clearance.objects.filter(
                figure__indicator=code, figure__breakdown="industry_division"
            ).values_list(Concat("figure__area", Value(" "), "figure__breakdown_value"), "state")
        )
        for code in ("NET_COUNT", "NET_GRADED_SHARE")
    }
    counts, shares = states["NET_COUNT"], states["NET_GRADED_SHARE"]
    assert set(shares) == set(counts)
    assert set(counts.values()) > {ClearanceState.OPEN}
    for place, state in counts.items():
        if state != ClearanceState.OPEN:
            assert shares[place] != ClearanceState.OPEN, place


def test_a_row_of_acceptances_is_published_as_one_state(settings: Settings, accepted: None) -> None:
    judge_waiting()
    assert not ClearingRun.objects.exists(), "figures have changed just now"
    settings.CLEARING_SECONDS = 0
    judge_waiting()
    assert ClearingRun.objects.count() == 1


def test_carried_figures_keep_the_decision_of_their_own_period(
    cast: Cast, period: Period, earlier_period: Period
) -> None:
    rows = networks(*holdings(("361", 1, 4), ("371", 6, 2), ("381", 5, 1)))
    accept_frame("320000", earlier_period, "networks", rows, by=cast.admin)
    judge_now()
    keys = {
        "figure__area": "320000",
        "figure__breakdown": "industry_division",
        "figure__indicator": "NET_COUNT",
    }
    was = dict(Clearance.objects.filter(**keys).values_list("figure__breakdown_value", "state"))
    assert set(was.values()) > {ClearanceState.OPEN}
    accept_frame(
        "330000", period, "networks", networks(*holdings(("371", 5, 2), ("381", 7, 1))), by=cast.admin
    )
    judge_now()
    now = Clearance.objects.filter(**keys, figure__period="2026Q3")
    assert now.count() == len(was)
    for part, state in now.values_list("figure__breakdown_value", "state"):
        if was[part] != ClearanceState.OPEN:
            assert state != ClearanceState.OPEN


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Periods in the order in which they are judged, and whether a pattern was found: for 2026Q2 at first none is."""
    tries: list[tuple[str, bool]] = []

    def judge_or_fail(code: str, moment: datetime, *, wait: bool) -> ClearingRun | None:
        fails = code == "2026Q2" and (code, False) not in tries
        tries.append((code, not fails))
        if fails:
            raise UnprotectedError(code)
        return judge(code, moment, wait=wait)

    monkeypatch.setattr(queue, "judge", judge_or_fail)
    return tries


@pytest.fixture
def two_quarters(cast: Cast, earlier_period: Period, period: Period) -> None:
    """Jiangsu reports for both quarters, Zhejiang is carried into the later one."""
    rows = networks(*holdings(("371", 6, 2)))
    for unit, quarter in (("320000", earlier_period), ("330000", earlier_period), ("320000", period)):
        accept_frame(unit, quarter, "networks", rows, by=cast.admin)


@pytest.mark.usefixtures("two_quarters")
def test_what_is_carried_waits_for_its_own_period(judged: list[tuple[str, bool]]) -> None:
    with pytest.raises(ExceptionGroup):
        judge_now()
    assert judged == [("2026Q2", False)], "nothing of a period that cannot be judged is published in another"
    judge_now()
    assert judged[1:] == [("2026Q2", True), ("2026Q3", True)], "in time order"


@pytest.mark.usefixtures("two_quarters")
def test_a_release_that_could_not_be_judged_whole_is_tried_again(
    cast: Cast, earlier_period: Period, period: Period, judged: list[tuple[str, bool]]
) -> None:
    rows = networks(*holdings(("381", 6, 1)))
    accept_frame("330000", period, "networks", rows, by=cast.admin)
    release = releases.make(by=cast.admin)
    accept_frame("330000", earlier_period, "networks", rows, by=cast.admin)
    with pytest.raises(ExceptionGroup):
        judge_now()
    assert ("2026Q3", True) in judged, "another period is judged all the same"
    judge_now()
    assert not Figure.objects.as_of(release.moment).filter(clearance__isnull=True).exists()


def test_a_damaged_table_keeps_no_other_period_from_being_judged(
    cast: Cast, earlier_period: Period, period: Period, files: Path
) -> None:
    rows = networks(*holdings(("371", 6, 2)))
    for quarter in (earlier_period, period):
        accept_frame("320000", quarter, "networks", rows, by=cast.admin)
    (files / Submission.objects.get(period=earlier_period).frame_path).write_bytes(b"another file")
    recent_frames._frames.clear()
    with pytest.raises(ExceptionGroup) as faults:
        judge_now()
    assert [type(fault) for fault in faults.value.exceptions] == [DamagedError]
    waiting = Figure.objects.in_force().filter(clearance__isnull=True)
    assert set(waiting.values_list("period", flat=True)) == {"2026Q2"}


def test_clearing_marks_the_period_as_changed(accepted: None) -> None:
    from national.dissemination.freshness import stamp

    before = stamp().mark
    judge_now()
    assert stamp().mark != before


def test_the_view_has_the_columns_of_figures() -> None:
    for field in Figure._meta.fields:
        try:
            assert PublicFigure._meta.get_field(field.name).column == field.column
        except FieldDoesNotExist:
            pytest.fail(f"{field.name} is missing in the public view")


@pytest.mark.django_db
def test_the_view_is_as_it_is_declared() -> None:
    assert set(HEADLINES) == {
        code
        for code, figure in INDICATORS.items()
        if figure.adds is Adds.DISTINCT or (figure.adds is Adds.SUM and not figure.columns)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_viewdef('national_publicfigure')")
        (stored,) = cursor.fetchone()
        cursor.execute(VIEW.replace("CREATE VIEW national_publicfigure", "CREATE TEMP VIEW declared"))
        cursor.execute("SELECT pg_get_viewdef('declared')")
        assert cursor.fetchone() == (stored,)


@pytest.mark.usefixtures("accepted")
def test_readers_get_the_door_they_may_use() -> None:
    assert readable(staff=False).model is PublicFigure
    assert readable(staff=True).model is Figure


def published(indicator: str, area: str) -> dict[str, object]:
    """What the public reads of an indicator's divisions: by part the number it would reckon with."""
    rows = figures(indicator=indicator, area=area, breakdown="industry_division")
    return {
        figure.breakdown_value: figure.denominator or figure.value for figure in rows if not figure.suppressed
    }


def test_a_published_count_does_not_bound_the_operating_ones_of_one_enterprise(
    cast: Cast, period: Period
) -> None:
    """Forty of Jiangsu's 42 networks of an industry operate, all of one enterprise."""
    figure = {"industry_code": "361", "enterprise_uscc": "E-0"}
    built = [{"industry_code": "361", "enterprise_uscc": f"E-{n}", "status": "built"} for n in (1, 2)]
    others = holdings(("371", 9, 3), ("381", 9, 3))
    accept_frame("320000", period, "networks", networks(*[figure] * 40, *built, *others), by=cast.admin)
    rows = networks(*holdings(("361", 9, 9), ("371", 9, 9), ("381", 9, 9)))
    accept_frame("440000", period, "networks", rows, by=cast.admin)
    judge_now()
    assert "36" not in published("NET_OPERATING", "320000")
    # 42 would tell 40 to within two, where ten percent are to be kept open
    assert "36" not in published("NET_COUNT", "320000")
    assert ClearingRun.objects.get().derivable == 0


def test_families_hold_every_indicator_once() -> None:
    every = [code for family in families() for code in family]
    assert sorted(every) == sorted(INDICATORS)
    for link in LINKS:
        whole, part = (shape_of(INDICATORS[code]).whole for code in (link.whole, link.part))
        assert whole == part, "only counts are bounded by counts, and sums by sums"
