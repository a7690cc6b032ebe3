"""Roles: what is not named is refused; a role sees returns only where a list names it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.test import APIClient

from demo import workbook
from national import permissions as national_permissions
from submissions.models import NATIONAL_ROLES, UNIT_ROLES, Finding, Period, Role, Submission, User
from submissions.workflow import permissions
from submissions.workflow.permissions import ROLE_ACTIONS, Action
from tests.conftest import PASSWORD, Cast
from tests.factories import checked
from tests.portal.browsing import browser, text
from validation import Period as Quarter

#: role -> whose returns it sees. A new role has to be written down here, and sees nothing until then.
SEES = {
    "": "none",
    Role.UNIT_PREPARER: "own",
    Role.UNIT_SIGNER: "own",
    Role.REVIEWER: "all",
    Role.NATIONAL_ADMIN: "all",
    Role.AUDITOR: "all",
    Role.SYSTEM_ADMIN: "none",
    Role.SECURITY_ADMIN: "none",
}
#: roles that see no returns, as accounts can have them, and roles that do not exist yet
BLIND = ["", Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN]
NEW = ["unit_contributor", "minister"]
#: pages of the staff that are open to whoever has an account
OWN_PAGES = {"/portal/"}


@pytest.fixture
def both(cast: Cast, period: Period) -> list[Submission]:
    """Jiangsu's and Zhejiang's, with a warning each."""
    return [checked(by, period, rows=40, defects=["net.W320"]) for by in (cast.js_preparer, cast.zj_preparer)]


def user_of(role: str, *, stored: bool = True) -> User:
    """An account with this role, of Jiangsu where the role is a unit's."""
    unit = "320000" if role.startswith("unit_") else None
    user = User(username=f"role-{role}", role=role, unit_id=unit if stored else "320000")
    if stored:
        user.set_password(PASSWORD)
        user.save()
    return user


def doors() -> list[type[models.Model]]:
    """Every model whose rows are seen through `visible_to`."""
    return [model for model in apps.get_models() if hasattr(model._default_manager, "visible_to")]


def test_each_role_is_named_once() -> None:
    assert set(SEES) == {"", *Role.values}
    assert set(ROLE_ACTIONS) == set(Role)
    assert not set(UNIT_ROLES) & set(NATIONAL_ROLES)
    assert doors() == [Submission, Finding]


@pytest.mark.parametrize("role", [*SEES, *NEW])
def test_a_role_sees_what_it_is_named_for_and_a_new_one_nothing(both: list[Submission], role: str) -> None:
    user = user_of(role, stored=role in SEES)
    own = {"none": set(), "own": {"320000"}, "all": {"320000", "330000"}}[SEES.get(role, "none")]
    assert set(Submission.objects.visible_to(user).values_list("unit", flat=True)) == own
    for submission in both:
        findings = Finding.objects.filter(submission=submission)
        # findings are asked for once their submission has passed its own door
        if submission.unit_id in own:
            assert findings.visible_to(user).count() == findings.count() > 0
        elif SEES.get(role, "none") == "none":
            assert not findings.visible_to(user).exists()
        assert permissions.can(user, Action.READ, submission) is (submission.unit_id in own)
    allowed = {action for action in Action if permissions.can(user, action)}
    assert allowed == ROLE_ACTIONS.get(role, frozenset())
    for action in national_permissions.Action:
        assert national_permissions.can(user, action) is (role == Role.NATIONAL_ADMIN)


@pytest.mark.django_db
def test_no_account_has_a_role_that_does_not_exist() -> None:
    for role in NEW:
        with pytest.raises(IntegrityError, match="user_role_known"), transaction.atomic():
            User.objects.create(username=role, role=role)
    with pytest.raises(IntegrityError, match="user_unit_fits_role"), transaction.atomic():
        User.objects.create(username="x", role="unit_preparer")


def addresses(resolver: URLResolver, values: dict[str, Any], above: str = "/") -> list[str]:
    """Every address of the site, its parts filled in from `values`."""
    paths = []
    for entry in resolver.url_patterns:
        part = str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            paths += addresses(entry, values, above + part)
        else:
            paths.append(_filled(above + part, entry, values))
    return paths


def _filled(route: str, entry: URLPattern, values: dict[str, Any]) -> str:
    pieces = route.split("<")
    return pieces[0] + "".join(
        f"{values.get(name.partition(':')[2] or name, '1')}{rest}"
        for name, _, rest in (piece.partition(">") for piece in pieces[1:])
    )


@pytest.mark.parametrize("role", BLIND)
def test_no_page_of_the_staff_opens_for_an_account_that_sees_no_returns(
    both: list[Submission], role: str
) -> None:
    values = {"submission_id": both[0].pk, "collection": "networks", "period": "2026Q3", "unit": "320000"}
    client = browser(user_of(role))
    staff = [
        address
        for address in addresses(get_resolver(), values)
        if address.startswith(("/portal/", "/review/", "/targets/", "/releases/new"))
    ]
    assert len(staff) > 60
    for address in staff:
        for answer in (client.get(address), client.post(address, {"period": "2026Q3"})):
            expected = {200} if address in OWN_PAGES else {403, 404, 405}
            assert answer.status_code in expected, (address, answer.status_code)
            assert "江苏" not in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "heading", "chinese"),
    [
        ("", "Your account has no role yet", "您的账号尚未分配角色"),
        (Role.SYSTEM_ADMIN, "A system administrator looks after", "系统管理员"),
        (Role.SECURITY_ADMIN, "A security administrator looks after", "安全管理员"),
    ],
)
def test_the_home_of_such_an_account_says_what_it_can_do(
    cast: Cast, period: Period, role: str, heading: str, chinese: str
) -> None:
    user = user_of(role)
    page = text(browser(user).get(reverse("portal:home")))
    assert heading in page
    assert "What you can do here" in page
    for name in ("account_change_password", "mfa_index", "rulebook:rulebook"):
        assert f'href="{reverse(name)}"' in page
        assert browser(user).get(reverse(name), follow=True).status_code == 200
    assert ("create_account" in page) is (role == Role.SYSTEM_ADMIN)
    assert reverse("portal:team") not in page
    assert reverse("review:list") not in page
    assert chinese in text(browser(user, "zh-hans").get(reverse("portal:home")))


@pytest.mark.parametrize("role", BLIND)
def test_the_api_tells_such_an_account_nothing(both: list[Submission], role: str) -> None:
    user_of(role)
    client = APIClient()
    token = client.post("/api/v1/auth/login/", {"username": f"role-{role}", "password": PASSWORD}).json()[
        "token"
    ]
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert client.get("/api/v1/submissions/").json()["count"] == 0
    address = f"/api/v1/submissions/{both[0].pk}/"
    for path in ("", "findings/", "groups/", "cells/", "workbook/"):
        assert client.get(address + path).status_code == 404
    for path in ("sign/", "accept/", "return/", "exclude/", "withdraw/", "explanations/"):
        assert client.post(address + path, {}).status_code == 404
    filled = "/api/v1/collections/networks/template.xlsx?unit=320000"
    assert client.get(filled).status_code == 403
    demo = workbook("320000", "networks", Quarter(2026, 3), rows=3)
    for path in ("validate/", "submissions/"):
        body = {"collection": "networks", "period": "2026Q3", "file": BytesIO(demo.data), "unit": "320000"}
        assert client.post(f"/api/v1/{path}", body, format="multipart").status_code == 403
    assert client.get("/api/v1/figures/").status_code == 200


def test_createsuperuser_makes_an_account_that_sees_no_returns(both: list[Submission]) -> None:
    call_command("createsuperuser", "--noinput", username="root", email="root@example.org")
    root = User.objects.get(username="root")
    assert (root.role, root.is_superuser) == ("", True)
    assert not Submission.objects.visible_to(root).exists()
    assert not any(permissions.can(root, action, both[0]) for action in Action)
    assert not any(national_permissions.can(root, action) for action in national_permissions.Action)
