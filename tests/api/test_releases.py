"""Releases over HTTP: list, changes, figures as released, and an embargo that no cached answer outlives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from national.dissemination import releases
from national.models import Figure
from submissions.models import Period, User
from tests.api.test_errors import problem
from tests.conftest import Cast
from tests.national.dissemination.test_releases import publish
from tests.national.frames import networks
from tests.national.registers import accept_frame, publish_all

ClientOf = Callable[[User | None], APIClient]
RELEASES = "/api/v1/releases/"
NATIONAL = "/api/v1/figures/?indicator=NET_COUNT&area=CN"
JIANGSU, ZHEJIANG = "320000", "330000"


def accept(cast: Cast, period: Period, unit: str, rows: int, **row: Any) -> None:
    accept_frame(unit, period, "networks", networks(*[row] * rows), by=cast.admin)


def soon() -> datetime:
    return timezone.now() + timedelta(hours=1)


def national_figure(client: APIClient, query: str = "") -> tuple[Any, ...]:
    """Value, status and release of the country's networks."""
    (row,) = client.get(NATIONAL + query).json()["results"]
    return row["value"], row["status"], row["release"]


@pytest.fixture
def two(cast: Cast, period: Period) -> None:
    """Three networks of Jiangsu are released; then five of Zhejiang as well, Jiangsu having lost one."""
    accept(cast, period, JIANGSU, 3)
    releases.make(by=cast.admin, note_zh="第一次发布", note_en="First release")
    accept(cast, period, ZHEJIANG, 5)
    accept(cast, period, JIANGSU, 2)
    releases.make(by=cast.admin)


@pytest.mark.usefixtures("two")
def test_the_list_is_newest_first(anyone: APIClient) -> None:
    second, first = anyone.get(RELEASES).json()
    assert (second["number"], second["previous"], first["number"], first["previous"]) == (2, 1, 1, None)
    assert (first["note_zh"], first["note_en"], first["period"]) == ("第一次发布", "First release", "2026Q3")
    assert (first["embargoed"], first["withdrawn_at"]) == (False, None)
    assert first["figures"] == first["changes"] > 0
    assert anyone.get(first["figures_url"]).json()["count"] > 0
    assert anyone.get(second["url"]).json()["number"] == 2


@pytest.mark.usefixtures("two")
def test_changes_and_why(anyone: APIClient) -> None:
    answer = anyone.get(f"{RELEASES}2/?indicator=NET_COUNT").json()
    (changed,) = answer["changed"]["results"]
    assert (changed["old"], changed["new"], changed["difference"]) == (3, 7, 4)
    assert (changed["units_old"], changed["units_new"]) == (1, 2)
    parts = [(part["cause"], part["unit_en"], part["difference"]) for part in changed["parts"]]
    assert parts == [("new_data", "Zhejiang Province", 5), ("revision", "Jiangsu Province", -1)]
    by_unit = anyone.get(f"{RELEASES}2/?indicator=NET_COUNT&area_type=unit").json()["changed"]["results"]
    assert {row["area"]: row["difference"] for row in by_unit} == {JIANGSU: -1, ZHEJIANG: 5}


@pytest.mark.usefixtures("two")
def test_parts_of_breakdowns_are_not_told_to_the_public(
    anyone: APIClient, client_of: ClientOf, cast: Cast
) -> None:
    publish_all()
    address = f"{RELEASES}2/?indicator=NET_COUNT&breakdown=network_type"
    for client, units in ((anyone, set()), (client_of(cast.reviewer), {JIANGSU, ZHEJIANG})):
        (changed,) = client.get(address).json()["changed"]["results"]
        assert {part["unit"] for part in changed["parts"]} == units
        assert not units or sum(part["difference"] for part in changed["parts"]) == changed["difference"]
    below = f"{address}&area_type=unit"
    assert "total" in problem(anyone.get(below), 400, "unknown-filter")["detail"]
    assert client_of(cast.reviewer).get(below).json()["changed"]["count"] == 2


@pytest.mark.usefixtures("two")
def test_changes_come_in_pages(anyone: APIClient) -> None:
    whole = anyone.get(f"{RELEASES}2/").json()["changed"]
    address, seen = f"{RELEASES}2/?limit=3", []
    while address:
        page = anyone.get(address).json()["changed"]
        assert page["count"] == whole["count"] == len(whole["results"])
        seen += page["results"]
        address = page["next"]
    assert seen == whole["results"]


@pytest.mark.usefixtures("two")
def test_figures_as_released(anyone: APIClient) -> None:
    assert national_figure(anyone) == (7, "released", 2)
    assert national_figure(anyone, "&release=1") == (3, "released", 1)
    assert national_figure(anyone, "&release=2") == (7, "revised", 2)
    assert "1" in problem(anyone.get(f"{NATIONAL}&release=9"), 400, "unknown-filter")["detail"]
    problem(anyone.get(f"{NATIONAL}&release=x"), 400, "invalid-fields")
    problem(anyone.get(f"{NATIONAL}&release=1&as_of=2026-01-01"), 400, "invalid-fields")
    problem(anyone.get(f"{RELEASES}9/"), 404, "not-found")


def test_an_embargo_shows_neither_numbers_nor_difference(
    anyone: APIClient, client_of: ClientOf, cast: Cast, period: Period
) -> None:
    accept(cast, period, JIANGSU, 3)
    releases.make(by=cast.admin)
    accept(cast, period, ZHEJIANG, 5)
    releases.make(by=cast.admin, published_at=soon(), note_en="under embargo")
    lineage = Figure.objects.in_force().get(indicator="NET_COUNT", area="CN", breakdown="total").pk
    for client in (anyone, client_of(cast.js_signer)):
        assert national_figure(client) == (3, "released", 1)
        assert [release["number"] for release in client.get(RELEASES).json()] == [1]
        problem(client.get(f"{RELEASES}2/"), 404, "not-found")
        problem(client.get(f"{NATIONAL}&release=2"), 400, "unknown-filter")
        problem(client.get(f"/api/v1/figures/{lineage}/lineage/"), 404, "not-found")
        assert client.get("/api/v1/targets/NET_COUNT/").json()["actual"] == 3
        assert client.get("/api/v1/targets/NET_COUNT/?release=1").json()["actual"] == 3
    for user in (cast.reviewer, cast.admin, cast.auditor):
        client = client_of(user)
        assert national_figure(client) == (8, "revised", None)
        assert national_figure(client, "&release=2") == (8, "revised", 2)
        assert client.get(f"{RELEASES}2/").json()["embargoed"] is True
        assert client.get(f"/api/v1/figures/{lineage}/lineage/").status_code == 200


def test_no_304_outlives_an_embargo(anyone: APIClient, cast: Cast, period: Period) -> None:
    accept(cast, period, JIANGSU, 3)
    addresses = (NATIONAL, RELEASES, "/api/v1/figures/?breakdown=all&format=csv")

    def etags() -> list[str]:
        return [anyone.get(address)["ETag"] for address in addresses]

    def unchanged(seen: list[str]) -> list[bool]:
        again = zip(addresses, seen, strict=True)
        return [
            anyone.get(address, headers={"If-None-Match": tag}).status_code == 304 for address, tag in again
        ]

    provisional = etags()
    assert unchanged(provisional) == [True] * 3
    waiting = releases.make(by=cast.admin, published_at=soon())
    assert unchanged(provisional) == [False] * 3
    hidden = etags()
    assert anyone.get(NATIONAL).json()["results"] == []
    publish(waiting)
    assert unchanged(hidden) == unchanged(provisional) == [False] * 3
    assert national_figure(anyone) == (3, "released", 1)
    open_ = etags()
    releases.withdraw(release=waiting, by=cast.admin, reason_zh="有误", reason_en="wrong")
    assert unchanged(open_) == [False] * 3
    assert national_figure(anyone) == (3, "provisional", None)
    assert anyone.get(RELEASES).json()[0]["withdrawn_en"] == "wrong"


def test_what_staff_see_is_never_kept(
    anyone: APIClient, client_of: ClientOf, cast: Cast, period: Period
) -> None:
    accept(cast, period, JIANGSU, 3)
    releases.make(by=cast.admin, published_at=soon())
    answer = client_of(cast.reviewer).get(NATIONAL)
    assert answer["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer
    assert "Authorization" in answer["Vary"]
    assert answer.json()["count"] == 1
    assert anyone.get(NATIONAL).json()["count"] == 0
    wrong = APIClient(headers={"Authorization": "Token gw_no"})
    problem(wrong.get(NATIONAL), 401, "authentication-failed")


def test_any_past_moment_bit_for_bit(anyone: APIClient, cast: Cast, period: Period) -> None:
    """Figures, targets and coverage as they were at that moment, whatever was accepted and released since."""
    addresses = (
        "/api/v1/figures/?breakdown=all&period=all",
        "/api/v1/targets/?",
        "/api/v1/coverage/?",
        "/api/v1/figures/?breakdown=all&period=all&format=csv",
    )

    def answers(moment: datetime) -> list[bytes]:
        query = f"&as_of={moment.isoformat().replace('+', '%2B')}"
        answers = [anyone.get(address + query) for address in addresses]
        return [b"".join(answer) if answer.streaming else answer.content for answer in answers]

    moments = []
    for unit, rows in ((JIANGSU, 3), (ZHEJIANG, 5), (JIANGSU, 2)):
        accept(cast, period, unit, rows)
        moments.append(timezone.now())
        releases.make(by=cast.admin)
        moments.append(timezone.now())
    then = [answers(moment) for moment in moments[:2]]
    assert then[0] != then[1], "released meanwhile"
    first = then[0]
    accept(cast, period, ZHEJIANG, 1)
    releases.make(by=cast.admin, published_at=None)
    assert [answers(moment) for moment in moments[:2]] == then
    assert b'"value":3' in first[0]
    assert len({answers(moment)[0] for moment in moments}) == len(moments)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("2026-10-31T18:00:00+08:00", 200),
        ("2026-10-31T18:00:00%2B08:00", 200),
        ("2026-10-31T18:00:00Z", 200),
        ("2026-10-31T18:00", 200),
        ("2026-10-31", 200),
        ("2026-13-01", 400),
        ("9999-12-31", 400),
        ("2100-01-01T00:00", 400),
        ("yesterday", 400),
        ("", 400),
    ],
)
@pytest.mark.django_db
def test_moments_that_can_be_asked(anyone: APIClient, text: str, status: int) -> None:
    for address in ("figures/", "targets/", "coverage/", "targets/NET_COUNT/"):
        answer = anyone.get(f"/api/v1/{address}?as_of={text}")
        assert answer.status_code == status, f"{address} {answer.content!r}"


def test_without_a_zone_it_is_beijing_time_and_a_day_is_its_end(
    anyone: APIClient, cast: Cast, period: Period
) -> None:
    accept(cast, period, JIANGSU, 3)
    opened = timezone.make_aware(datetime(2026, 10, 31, 18, 0))
    Figure.objects.update(valid_from=opened)
    values_by_moment = {
        "2026-10-31T17:59": 0,
        "2026-10-31T18:00": 1,
        "2026-10-31T09:59:59Z": 0,
        "2026-10-31T10:00:00Z": 1,
        "2026-10-30": 0,
        "2026-10-31": 1,
    }
    for moment, count in values_by_moment.items():
        assert anyone.get(f"{NATIONAL}&as_of={moment}").json()["count"] == count, moment
