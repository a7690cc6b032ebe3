"""Targets and coverage over HTTP."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from national.models import PublishedValue
from national.targets.assessment import TARGETS
from submissions.checks import intake
from submissions.models import Period
from submissions.signoff import review
from tests import factories
from tests.api.test_errors import problem
from tests.conftest import Cast

TARGET = "/api/v1/targets/NET_COUNT/"


def test_all_targets(anyone: APIClient, db: None) -> None:
    payload = anyone.get("/api/v1/targets/").json()
    assert [target["code"] for target in payload] == list(TARGETS)
    assert anyone.get(payload[0]["url"]).json() == payload[0]


def test_not_collected_is_said(anyone: APIClient, db: None) -> None:
    payload = anyone.get("/api/v1/targets/PLATFORMS/").json()
    assert (payload["collected"], payload["actual"], payload["share"], payload["paths"]) == (
        "no",
        None,
        None,
        [],
    )


def test_acceptance_changes_the_target(anyone: APIClient, cast: Cast, period: Period) -> None:
    before = anyone.get(TARGET)
    assert (before.json()["goal"], before.json()["actual"]) == (50_000, None)
    factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period, rows=20)
    after = anyone.get(TARGET, headers={"If-None-Match": before["ETag"]})
    payload = after.json()
    assert (
        payload["actual"]
        == anyone.get("/api/v1/figures/?indicator=NET_COUNT&area=CN").json()["results"][0]["value"]
    )
    assert payload["share"] == round(100 * payload["actual"] / 50_000, 2)
    assert payload["remaining"] == 50_000 - payload["actual"]
    assert payload["pace_needed"] == pytest.approx(payload["remaining"] / payload["quarters_left"], abs=0.01)
    assert (payload["period"], payload["units_accepted"], payload["units_expected"]) == ("2026Q3", 1, 37)
    assert [path["name"] for path in payload["paths"]] == ["linear", "compound"]
    assert anyone.get(TARGET, headers={"If-None-Match": after["ETag"]}).status_code == 304


def test_published_series_stand_beside(anyone: APIClient, units: int) -> None:
    payload = anyone.get("/api/v1/targets/VALUE_ADDED/").json()
    assert (payload["collected"], payload["kind"], payload["actual"]) == ("published", "flow", 1.67)
    assert [value["stated_date"] for value in payload["published"]] == [
        "2021",
        "2022",
        "2023",
        "2024",
        "2025",
    ]
    assert [value["stated_date"] for value in payload["published"] if value["forecast"]] == ["2023"]
    assert [value["stated_date"] for value in payload["published"] if value["verified"]] == ["2022", "2024"]
    assert all(value["source"] for value in payload["published"])


def test_a_flow_is_projected_and_judged_by_its_own_formulas(anyone: APIClient, units: int) -> None:
    payload = anyone.get("/api/v1/targets/VALUE_ADDED/").json()
    assert (payload["pace_needed"], payload["growth_needed"]) == (None, 8.4)
    outlook = payload["outlook"]
    assert (outlook["level"], outlook["observations_needed"], outlook["enough"]) == (0.8, 4, False)
    assert outlook["observations_used"] == ["2024", "2025"]
    judgement = payload["judgement"]
    assert (judgement["code"], judgement["by_path"]) == (None, {}), "the newest year is the base itself"
    PublishedValue.objects.filter(series="industrial_internet_core_value_added", stated_date="2023").update(
        qualifier="exact"
    )
    value = PublishedValue.objects.get(series="industrial_internet_core_value_added", stated_date="2025")
    PublishedValue.objects.create(
        series=value.series,
        stated_date="2026",
        on="2026-12-31",
        value="1.81",
        unit=value.unit,
        qualifier="exact",
        source="MIIT",
    )
    payload = anyone.get("/api/v1/targets/VALUE_ADDED/").json()
    assert payload["outlook"]["enough"]
    assert [projection["name"] for projection in payload["outlook"]["projections"]] == ["linear", "compound"]
    assert [projection["ahead"][-1] for projection in payload["outlook"]["projections"]] == [
        projection["at_due"] for projection in payload["outlook"]["projections"]
    ]
    judgement = payload["judgement"]
    assert judgement["code"] == "on_track"
    assert judgement["by_path"] == {"linear": "on_track", "compound": "on_track"}
    assert [target_class["code"] for target_class in judgement["classes"]] == [
        "ahead",
        "on_track",
        "behind",
        "far_behind",
    ]


def test_without_figures_nothing_is_projected_or_judged(anyone: APIClient, units: int) -> None:
    payload = anyone.get(TARGET).json()
    assert (payload["observed"], payload["plans"], payload["actual_strict"]) == ([], [], None)
    assert (payload["outlook"]["enough"], payload["outlook"]["projections"], payload["outlook"]["pace"]) == (
        False,
        [],
        None,
    )
    assert payload["judgement"]["code"] is None
    assert payload["judgement"]["reason_zh"] == "尚无数据。"


def test_unknown_target(anyone: APIClient, db: None) -> None:
    problem(anyone.get("/api/v1/targets/HAPPINESS/"), 404, "not-found")


def test_coverage_tells_states_apart(anyone: APIClient, cast: Cast, period: Period) -> None:
    factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, period)
    nil = intake.receive_nil(by=cast.zj_preparer, collection="networks", period=period.code)
    review.sign(submission=nil, by=cast.zj_signer)
    networks, applications = anyone.get("/api/v1/coverage/").json()
    assert (networks["collection"], networks["period"]) == ("networks", "2026Q3")
    assert (networks["units_accepted"], networks["units_expected"]) == (1, 37)
    assert {state: n for state, n in networks["states"].items() if n} == {
        "submitted": 1,
        "nil": 1,
        "not_yet_due": 35,
    }
    jiangsu = next(unit for unit in networks["units"] if unit["unit"]["code"] == "320000")
    assert (jiangsu["state"], jiangsu["accepted"]) == ("submitted", True)
    assert applications["units_accepted"] == 0


def test_coverage_as_csv(anyone: APIClient, cast: Cast, period: Period) -> None:
    answer = anyone.get("/api/v1/coverage/?format=csv&period=2026Q3")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(rows) == 74
    assert rows[0]["unit_zh"] == "北京市"


def test_coverage_of_a_period_that_is_not_collected(
    anyone: APIClient, period: Period, units: int, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    body = problem(anyone.get("/api/v1/coverage/?period=1999Q1"), 400, "unknown-filter")
    assert "2026Q3" in body["errors"][0]["detail"]
    with django_assert_max_num_queries(5):
        assert anyone.get("/api/v1/coverage/").status_code == 200
