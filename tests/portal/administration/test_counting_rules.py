"""The page of counting rules: national staff see what a trial rule would change, and nothing is stored."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from national.models import Figure
from submissions.models import Period
from tests.conftest import Cast
from tests.national.frames import networks
from tests.national.registers import accept_frame

RULES = "/targets/rules/"
IN_FORCE = {
    "period": "2026Q3",
    "operating_terminals": "1",
    "sections": ["B", "C", "D"],
    "counted": ["built", "operating"],
    "operating": ["operating"],
    "pipeline": ["planned", "under_construction"],
    "production": ["in_production"],
    "trial": ["trial"],
    "ungraded": ["ungraded"],
}


@pytest.fixture
def accepted(cast: Cast, period: Period) -> None:
    """Jiangsu's two networks, one of which is built but not operating."""
    accept_frame("320000", period, "networks", networks({}, {"status": "built"}), by=cast.admin)


@pytest.fixture
def reviewer(client: Client, cast: Cast) -> Client:
    client.cookies.load({"django_language": "en"})
    client.force_login(cast.reviewer)
    return client


def rules_page(client: Client, query: dict[str, object] | None = None, status: int = 200) -> str:
    response = client.get(RULES, query or {})
    assert response.status_code == status
    return " ".join(response.content.decode().split())


@pytest.mark.usefixtures("accepted")
def test_the_form_starts_with_the_rule_in_force(reviewer: Client) -> None:
    text = rules_page(reviewer)
    assert "A network counts when its status is built or operating" in text
    assert 'name="counted" value="built" class="form-check-input" id="id_counted_2" checked' in text
    assert "What the trial rule would change" not in text


@pytest.mark.usefixtures("accepted")
def test_a_tried_rule_shows_its_effect_and_stores_nothing(reviewer: Client) -> None:
    before = list(Figure.objects.order_by("id").values())
    text = rules_page(reviewer, {**IN_FORCE, "counted": ["operating"]})
    effect = text[text.index('id="effect"') :]
    row = effect[effect.index('<th scope="row">Industrial 5G private networks') :].split("</tr>")[0]
    assert re.findall(r">([^<>]*)</td>", row) == ["networks", "2", "1", "-1", "1"]
    assert "Jiangsu" in effect
    assert list(Figure.objects.order_by("id").values()) == before
    assert "No total would change." in rules_page(reviewer, IN_FORCE)


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize(
    "wrong", [{"counted": ["running"]}, {"period": "2020Q1"}, {"operating_terminals": "-1"}, {"sections": []}]
)
def test_what_is_no_rule_is_told(reviewer: Client, wrong: dict[str, object]) -> None:
    text = rules_page(reviewer, {**IN_FORCE, **wrong}, status=400)
    assert "This could not be done" in text


def test_without_figures_there_is_nothing_to_try(reviewer: Client) -> None:
    assert "There are no figures yet to try a rule on." in rules_page(reviewer)


@pytest.mark.usefixtures("accepted")
def test_only_national_staff_see_it(client: Client, cast: Cast) -> None:
    assert client.get(RULES).status_code == 302
    client.force_login(cast.js_signer)
    assert client.get(RULES).status_code == 403


@pytest.mark.usefixtures("accepted")
def test_periods_are_written_as_the_reader_calls_them(reviewer: Client) -> None:
    reviewer.cookies.load({"django_language": "zh-hans"})
    text = rules_page(reviewer, IN_FORCE | {"counted": ["operating"]})
    assert "2019年第一季度" in text
    assert "试用规则对2026年第三季度数据的影响" in text
    assert '<option value="2026Q3" selected>2026年第三季度</option>' in text
