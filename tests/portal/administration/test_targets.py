"""The administrator's pages of series and plans over HTTP: who may enter what, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from national.models import Plan, PublishedValue
from national.targets.published_series import VALUE_ADDED
from tests.conftest import Cast

SERIES = "/targets/series/"
PLANS = "/targets/plans/"
VALUE = {
    "series": VALUE_ADDED,
    "stated_date": "2026",
    "value": "1.83",
    "qualifier": "exact",
    "source": "MIIT 2027-01-20",
}
PLAN = {"unit": "320000", "year": "2030", "goal": "6500", "source": "苏政发〔2026〕1号"}


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.cookies.load({"django_language": "en"})
    client.force_login(cast.admin)
    return client


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_value_is_entered_and_every_vintage_is_listed(admin: Client, cast: Cast) -> None:
    assert admin.post(SERIES, VALUE).url == SERIES
    assert admin.post(SERIES, {**VALUE, "value": "1.85", "vintage": "2027-02-28"}).status_code == 302
    listed = [value.value for value in PublishedValue.objects.filter(series=VALUE_ADDED, stated_date="2026")]
    assert [str(value) for value in listed] == ["1.8300", "1.8500"]
    text = text_of(admin, SERIES)
    assert "MIIT 2027-01-20" in text
    assert "2027-02-28" in text
    assert str(cast.admin) in text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"stated_date": "2026Q1"}, "Give a year such as 2026"),
        ({"value": "-1"}, "greater than or equal to 0"),
        ({"source": ""}, "This field is required"),
        ({"series": "5g_factories_built"}, "not one of the available choices"),
    ],
)
def test_a_wrong_value_is_told_and_what_was_typed_stays(
    admin: Client, wrong: dict[str, Any], said: str
) -> None:
    before = PublishedValue.objects.count()
    response = admin.post(SERIES, {**VALUE, "note": "second estimate", **wrong})
    assert response.status_code == 400
    assert said in response.content.decode()
    assert 'value="second estimate"' in response.content.decode()
    assert PublishedValue.objects.count() == before


def test_the_same_value_twice_is_refused_at_the_form(admin: Client) -> None:
    admin.post(SERIES, VALUE)
    response = admin.post(SERIES, VALUE)
    assert response.status_code == 400
    assert "is already entered" in response.content.decode()


def test_a_plan_is_entered_and_an_earlier_one_is_kept(admin: Client) -> None:
    admin.post(PLANS, {**PLAN, "goal": "6000"})
    assert admin.post(PLANS, PLAN).url == PLANS
    assert list(Plan.objects.newest().values_list("goal", flat=True)) == [6_500]
    text = text_of(admin, PLANS)
    assert "1 of 37 units have a plan" in text
    assert "43,500 short of the goal" in text
    assert text.count("苏政发〔2026〕1号") == 2


@pytest.mark.parametrize(
    "wrong", [{"goal": ""}, {"goal": "-5"}, {"unit": "710000"}, {"year": "2031"}, {"source": ""}]
)
def test_a_wrong_plan_is_told(admin: Client, wrong: dict[str, str]) -> None:
    assert admin.post(PLANS, {**PLAN, **wrong}).status_code == 400
    assert not Plan.objects.exists()


@pytest.mark.parametrize("address", [SERIES, PLANS])
def test_reviewer_and_auditor_read_and_units_do_not(client: Client, cast: Cast, address: str) -> None:
    assert client.get(address).status_code == 302
    for user in (cast.reviewer, cast.auditor):
        client.force_login(user)
        assert '<form class="panel' not in text_of(client, address)
        assert client.post(address, PLAN | VALUE).status_code == 403
    client.force_login(cast.js_signer)
    assert client.get(address).status_code == 403
    assert client.post(address, PLAN | VALUE).status_code == 403
    assert not Plan.objects.exists()
