"""Recomputing figures from records: it agrees with what acceptances stored, and finds and mends what does not."""

from __future__ import annotations

from io import StringIO

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from demo.registers import register
from national.aggregation.registers import frame_of_records
from national.models import Figure
from national.verification.recompute import compare, periods
from national.verification.verify import unproved
from submissions.files import storage
from submissions.models import Period, Register, Submission
from tests.conftest import Cast
from tests.national.frames import networks
from tests.national.registers import accept_frame
from validation import FORMS


def _addressed(frame: pl.DataFrame) -> pl.DataFrame:
    """The register as if it had been read from a workbook."""
    rows = pl.int_range(2, pl.len() + 2, dtype=pl.Int32).alias("_row")
    return frame.select(pl.lit("Sheet1").alias("_sheet"), rows, pl.all())


@pytest.fixture(scope="module")
def accepted_once(world: Cast) -> list[Submission]:
    """Three units' demo registers, one of them a second version, and a nil return."""
    period = Period.objects.get()
    slots = [
        ("330000", "networks"),
        ("330200", "networks"),
        ("330200", "ai_applications"),
        ("330000", "networks"),
    ]
    done = []
    for unit, collection in slots:
        frame = _addressed(register(unit, collection, period.quarter))
        done.append(accept_frame(unit, period, collection, frame, by=world.admin))
    done.append(accept_frame("660000", period, "networks", networks(), by=world.admin))
    return done


@pytest.fixture
def accepted(accepted_once: list[Submission], db: None) -> list[Submission]:
    """What was accepted stands in the database; tests that want something else stand above."""
    return [Submission.objects.get(pk=submission.pk) for submission in accepted_once]


def run(*args: str) -> str:
    out = StringIO()
    call_command("recompute", *args, stdout=out)
    return out.getvalue()


def test_every_figure_is_made_of_the_rows_of_its_lineage(
    cast: Cast, earlier_period: Period, period: Period
) -> None:
    """Over all cells of a small demo, carried ones too."""
    slots = [(unit, collection) for unit in ("330200", "440300") for collection in FORMS]
    for quarter, returned in ((earlier_period, slots), (period, slots[:2])):
        for unit, collection in returned:
            frame = register(unit, collection, quarter.quarter, scale=0.02).head(6)
            accept_frame(unit, quarter, collection, _addressed(frame), by=cast.admin)
    output = run("--check", "--lineage")
    for code in ("2026Q2", "2026Q3"):
        count = Figure.objects.in_force().filter(period=code).count()
        assert f"{code}: {count} of {count} figures are those of their rows" in output
    assert Figure.objects.in_force().filter(period="2026Q3", carried_from="2026Q2").exists()
    assert list(unproved("2026Q3")) == []
    stored = Figure.objects.in_force().filter(
        area="CN", indicator="SITES_AI", breakdown="total", period="2026Q3"
    )
    stored.update(value=1)
    (mismatch,) = unproved("2026Q3")
    assert (mismatch.figure, mismatch.records) == (stored.get(), stored.get().records)
    assert mismatch.value != 1
    with pytest.raises(CommandError):
        run("--lineage", "--check", "--period", "2026Q3")


@pytest.mark.usefixtures("cast")
def test_without_registers_there_is_nothing_to_do() -> None:
    assert periods() == []
    assert run() == ""


def test_what_is_stored_is_what_the_records_say(accepted: list[Submission]) -> None:
    assert run("--check") == "2026Q3: figures are those of the records\n"
    before = list(Figure.objects.order_by("id").values())
    assert run() == "2026Q3: figures are those of the records\n"
    assert list(Figure.objects.order_by("id").values()) == before


def test_records_hold_what_the_frame_held(accepted: list[Submission]) -> None:
    columns = [column.key for column in FORMS["networks"].columns]
    frame = storage.frame_of(accepted[0]).select(columns)
    assert frame_of_records(accepted[0]).equals(frame)


def test_a_figure_that_was_tampered_with_is_found_and_mended(accepted: list[Submission]) -> None:
    stored = Figure.objects.in_force().filter(area="CN", indicator="NET_COUNT", breakdown="total")
    truth = stored.get().value
    stored.update(value=50_000)
    with pytest.raises(CommandError, match="2026Q3"):
        run("--check")
    assert stored.get().value == 50_000
    run()
    assert stored.get().value == truth
    assert Figure.objects.filter(value=50_000, valid_to__isnull=False).count() == 1


def test_a_lost_figure_and_one_too_many_are_found(accepted: list[Submission]) -> None:
    figure = Figure.objects.in_force().get(area="CN-33", indicator="NET_OPERATING", breakdown="total")
    Figure.objects.filter(pk=figure.pk).delete()
    figure.pk, figure.breakdown, figure.breakdown_value = None, "status", "planned"
    figure.save()
    mismatch = compare("2026Q3")
    assert mismatch.computed.select("area", "indicator", "breakdown").rows() == [
        ("CN-33", "NET_OPERATING", "total")
    ]
    assert mismatch.stored.select("area", "indicator", "breakdown").rows() == [
        ("CN-33", "NET_OPERATING", "status")
    ]
    run("--period", "2026Q3")
    assert compare("2026Q3").agrees


def test_figures_of_a_unit_without_a_register_are_closed(accepted: list[Submission]) -> None:
    Register.objects.filter(unit="660000").delete()
    with pytest.raises(CommandError):
        run("--check")
    run()
    assert not Figure.objects.in_force().filter(area__in=["660000", "CN-66"]).exists()
