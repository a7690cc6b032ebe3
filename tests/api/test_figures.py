"""Figures over HTTP: open to all, filtered, as JSON and CSV, as they stood, with their lineage; and cheap when unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from national.definitions.indicators import INDICATORS
from national.dissemination.freshness import stamp
from national.models import Figure
from submissions.checks import intake
from submissions.exports.tables import csv_lines
from submissions.models import Period, Submission, User
from submissions.signoff import review
from tests import factories
from tests.api.test_errors import problem
from tests.conftest import Cast
from tests.national.registers import publish_all

ClientOf = Callable[[User | None], APIClient]
FIGURES = "/api/v1/figures/"
NATIONAL = f"{FIGURES}?indicator=NET_COUNT&area=CN"


@pytest.fixture(scope="module")
def accepted_once(world: Cast) -> Submission:
    return factories.accepted(world.js_preparer, world.js_signer, world.admin, Period.objects.get(), rows=20)


@pytest.fixture
def accepted(accepted_once: Submission, db: None) -> Submission:
    """Jiangsu's twenty networks are in force; tests that want nothing in force stand above."""
    return Submission.objects.get(pk=accepted_once.pk)


def results(client: APIClient, address: str) -> list[dict[str, object]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def table(answer: object) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_indicators(anyone: APIClient) -> None:
    payload = anyone.get("/api/v1/indicators/").json()
    assert [indicator["code"] for indicator in payload["indicators"]] == list(INDICATORS)
    split = {breakdown["name"]: breakdown["adds_up"] for breakdown in payload["indicators"][0]["breakdowns"]}
    assert (split["network_type"], split["operator"]) == (True, False)
    assert payload["counting_rules"][0]["version"] == 1


def test_nothing_accepted_yet(anyone: APIClient, db: None) -> None:
    assert results(anyone, NATIONAL) == []


def test_lineage_of_what_is_carried_names_its_period(
    cast: Cast, period: Period, earlier_period: Period, client_of: ClientOf
) -> None:
    former = factories.accepted(cast.js_preparer, cast.js_signer, cast.admin, earlier_period)
    factories.accepted(cast.zj_preparer, cast.zj_signer, cast.admin, period)
    payload = lineage(client_of(cast.auditor), "CN")
    assert payload["figure"]["period"] == "2026Q2"
    figure = Figure.objects.in_force().get(
        indicator="NET_COUNT", area="CN", breakdown="total", period="2026Q3"
    )
    units = client_of(cast.auditor).get(f"{FIGURES}{figure.pk}/lineage/").json()["units"]
    assert [(unit["unit"], unit["carried_from"]) for unit in units] == [("320000", "2026Q2"), ("330000", "")]
    assert units[0]["submission"] == str(former.pk)


def test_lineage_of_nothing(anyone: APIClient, db: None) -> None:
    problem(anyone.get(f"{FIGURES}1/lineage/"), 404, "not-found")


@pytest.mark.django_db
def test_the_tag_does_not_count_releases_for_everyone(anyone: APIClient) -> None:
    assert stamp().mark not in anyone.get(FIGURES)["ETag"]


def test_parts_are_of_the_code_list_of_their_own_register(anyone: APIClient, db: None) -> None:
    breakdowns = {
        indicator["code"]: indicator["breakdowns"]
        for indicator in anyone.get("/api/v1/indicators/").json()["indicators"]
    }
    lists = {code: {part["name"]: part["codelist"] for part in parts} for code, parts in breakdowns.items()}
    assert lists["AI_COUNT"]["status"] == "ai_status"
    assert lists["NET_COUNT"]["status"] == "network_status"


def test_acceptance_changes_the_national_figure(anyone: APIClient, accepted: Submission) -> None:
    stored = Figure.objects.in_force().get(indicator="NET_COUNT", area="CN", breakdown="total")
    (figure,) = results(anyone, NATIONAL)
    assert 0 < figure["value"] == stored.value <= 20
    assert (figure["period"], figure["area_zh"], figure["unit_en"]) == ("2026Q3", "全国", "networks")
    assert (figure["units_accepted"], figure["units_expected"], figure["status"]) == (1, 37, "provisional")
    assert figure["lineage"] == f"http://testserver{FIGURES}{stored.pk}/lineage/"


def test_filters(anyone: APIClient, accepted: Submission) -> None:
    publish_all()
    provinces = results(anyone, f"{FIGURES}?indicator=NET_COUNT&area_type=province")
    assert [row["area"] for row in provinces] == ["CN-32"]
    split = results(anyone, f"{NATIONAL}&breakdown=network_type")
    assert {row["breakdown"] for row in split} == {"network_type"}
    assert sum(row["value"] for row in split) == results(anyone, NATIONAL)[0]["value"]
    assert all(row["breakdown_zh"] and row["breakdown_en"] for row in split)
    assert results(anyone, f"{NATIONAL}&period=2020Q1") == []


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("indicator=NET_COUNTS", "NET_COUNT, NET_OPERATING"),
        ("area=JS", "CN, CN-11"),
        ("period=2026", "all, 2026Q3"),
        ("indicator=NET_COUNT&breakdown=stage", "industry_section"),
        ("province=32", "area, area_type"),
    ],
)
def test_unknown_values_name_the_allowed_ones(
    anyone: APIClient, accepted: Submission, query: str, named: str
) -> None:
    body = problem(anyone.get(f"{FIGURES}?{query}"), 400, "unknown-filter")
    assert named in body["errors"][0]["detail"]
    assert body["detail_zh"] != body["detail_en"]


def test_as_it_stood(anyone: APIClient, accepted: Submission, cast: Cast, period: Period) -> None:
    before = timezone.now()
    (old,) = results(anyone, NATIONAL)
    nil = intake.receive_nil(by=cast.zj_preparer, collection="networks", period=period.code)
    review.sign(submission=nil, by=cast.zj_signer)
    review.accept(submission=nil, by=cast.admin)
    (new,) = results(anyone, NATIONAL)
    assert (old["units_accepted"], new["units_accepted"]) == (1, 2)
    moment = before.isoformat().replace("+", "%2B")
    (then,) = results(anyone, f"{NATIONAL}&as_of={moment}")
    assert (then["id"], then["value"], then["units_accepted"]) == (old["id"], old["value"], 1)
    problem(anyone.get(f"{NATIONAL}&as_of=yesterday"), 400, "invalid-fields")


def test_csv_is_the_same_and_whole(anyone: APIClient, accepted: Submission) -> None:
    query = f"{FIGURES}?breakdown=all"
    payload = anyone.get(f"{query}&limit=10").json()
    answer = anyone.get(f"{query}&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = table(answer)
    assert len(rows) == payload["count"] > 10
    assert {
        name: str(value if value is not None else "") for name, value in payload["results"][0].items()
    } == rows[0]
    assert table(anyone.get(NATIONAL, headers={"Accept": "text/csv"}))[0]["area"] == "CN"


def test_csv_holds_no_formulas() -> None:
    text = "".join(csv_lines(["a", "b"], [["=1+1", -5], ["@x", None], ["plain", "+86"]]))
    assert text == "\ufeffa,b\r\n'=1+1,-5\r\n'@x,\r\nplain,'+86\r\n"


def test_unchanged_figures_are_not_sent_again(
    anyone: APIClient, accepted: Submission, cast: Cast, period: Period
) -> None:
    first = anyone.get(NATIONAL)
    assert first["Cache-Control"] == "public, no-cache"
    assert "Accept" in first["Vary"]
    seen = {"If-None-Match": first["ETag"]}
    again = anyone.get(NATIONAL, headers=seen)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert "Last-Modified" not in first, "two acceptances may lie within its one second"
    assert anyone.get(NATIONAL, headers={**seen, "Accept": "text/csv"}).status_code == 200
    factories.accepted(cast.zj_preparer, cast.zj_signer, cast.admin, period)
    assert anyone.get(NATIONAL, headers=seen).status_code == 200


def test_an_answer_is_made_once_while_nothing_changes(
    anyone: APIClient,
    accepted: Submission,
    cast: Cast,
    period: Period,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    # the stamp, the releases, and the figures of the latest period
    with django_assert_num_queries(3):
        first = anyone.get(NATIONAL)
    with django_assert_num_queries(1):
        again = anyone.get(NATIONAL)
    assert (again.content, again["ETag"], again["Content-Type"]) == (
        first.content,
        first["ETag"],
        first["Content-Type"],
    )
    assert again["X-Request-ID"] != first["X-Request-ID"]
    factories.accepted(cast.zj_preparer, cast.zj_signer, cast.admin, period)
    assert anyone.get(NATIONAL).json()["results"][0]["units_accepted"] == 2


def test_pages(anyone: APIClient, accepted: Submission) -> None:
    whole = results(anyone, f"{FIGURES}?area=CN&breakdown=all")
    address, seen = f"{FIGURES}?area=CN&breakdown=all&limit=7", []
    while address:
        page = anyone.get(address).json()
        assert page["count"] == len(whole)
        seen += page["results"]
        address = page["next"]
    assert seen == whole


def test_closing_a_figure_counts_as_a_change(anyone: APIClient, accepted: Submission) -> None:
    seen = {"If-None-Match": anyone.get(NATIONAL)["ETag"]}
    stored = Figure.objects.get(area="CN", indicator="NET_COUNT", breakdown="total")
    stored.valid_to, stored.closed_by = timezone.now(), stored.change
    stored.save()
    assert anyone.get(NATIONAL, headers=seen).json()["count"] == 0


def test_errors_are_not_cached(anyone: APIClient, accepted: Submission) -> None:
    answer = anyone.get(f"{FIGURES}?indicator=X")
    assert "ETag" not in answer


def lineage(client: APIClient, area: str, breakdown: str = "total") -> dict[str, object]:
    figure = Figure.objects.in_force().filter(indicator="NET_COUNT", area=area, breakdown=breakdown).first()
    answer = client.get(f"{FIGURES}{figure.pk}/lineage/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_lineage_for_everyone_ends_at_units(
    cast: Cast, period: Period, accepted: Submission, client_of: ClientOf
) -> None:
    factories.accepted(cast.zj_preparer, cast.zj_signer, cast.admin, period)
    for user in (None, cast.js_preparer):
        payload = lineage(client_of(user), "CN")
        assert [unit["unit"] for unit in payload["units"]] == ["320000", "330000"]
        assert sum(unit["value"] for unit in payload["units"]) == payload["figure"]["value"]
        assert payload["counting_rule"]["version"] == 1
        assert "rows" not in lineage(client_of(user), "320000")
        assert "submission" not in payload["units"][0]


@pytest.mark.parametrize("breakdown", ["total", "operator", "industry_division"])
def test_lineage_for_the_ministry_goes_down_to_rows(
    cast: Cast, accepted: Submission, client_of: ClientOf, breakdown: str
) -> None:
    payload = lineage(client_of(cast.auditor), "320000", breakdown)
    (unit,) = payload["units"]
    assert (unit["submission"], unit["sha256"]) == (str(accepted.pk), accepted.file_id)
    assert sum(row["value"] for row in payload["rows"]) == payload["figure"]["value"]
    records = dict(accepted.records.values_list("key", "row"))
    assert all(records[row["key"]] == row["row"] for row in payload["rows"])


def test_lineage_of_a_sum_goes_down_to_rows_in_pages(
    cast: Cast, period: Period, accepted: Submission, client_of: ClientOf
) -> None:
    factories.accepted(cast.zj_preparer, cast.zj_signer, cast.admin, period, rows=12)
    client = client_of(cast.auditor)
    figure = Figure.objects.in_force().get(indicator="NET_COUNT", area="CN", breakdown="total")
    address, seen = f"{FIGURES}{figure.pk}/lineage/?limit=7", []
    while address:
        payload = client.get(address).json()
        assert payload["rows_count"] == figure.records
        assert len(payload["rows"]) <= 7
        seen += payload["rows"]
        address = payload["rows_next"]
    assert sum(row["value"] for row in seen) == figure.value
    assert {row["unit"] for row in seen} == {"320000", "330000"}
    assert all(row["cells"] for row in seen)


def test_lineage_of_quotients_and_distinct_counts(
    cast: Cast, accepted: Submission, client_of: ClientOf
) -> None:
    client = client_of(cast.auditor)

    def lineage_payload(indicator: str) -> dict[str, Any]:
        figure = Figure.objects.in_force().get(indicator=indicator, area="CN", breakdown="total")
        return client.get(f"{FIGURES}{figure.pk}/lineage/").json()

    share = lineage_payload("NET_GRADED_SHARE")
    graded = sum(row["value"] for row in share["rows"])
    assert (share["figure"]["adds"], share["figure"]["numerator"]) == ("share", graded)
    assert share["figure"]["denominator"] == len(share["rows"])
    assert share["figure"]["value"] == round(100 * graded / len(share["rows"]), 4)
    sites = lineage_payload("SITES_5G")
    assert sites["figure"]["value"] == len({row["counts_as"] for row in sites["rows"]})
