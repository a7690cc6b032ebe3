"""Who may call what: every call by everyone, in a state that allows it, so that only rights differ."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from demo import workbook
from submissions.models import Finding, Period, Register, Submission, User
from tests import factories
from tests.api.test_errors import KEYS
from tests.conftest import Cast

ClientOf = Callable[[User | None], APIClient]
WHO = ("nobody", "js_preparer", "js_signer", "zj_signer", "reviewer", "admin", "auditor")

ALL_STAFF = (401, 200, 200, 200, 200, 200, 200)
READERS = (401, 200, 200, 404, 200, 200, 200)
PUBLIC = (200,) * len(WHO)


class Call(NamedTuple):
    """One call; `state` is that of the submission it speaks of, `statuses` what each of WHO is answered."""

    method: str
    address: str
    state: str
    statuses: tuple[int, ...]
    body: dict[str, Any] = {}


ONE = "submissions/{id}/"
CALLS = {
    "list": Call("get", "submissions/", "ready", ALL_STAFF),
    "read": Call("get", ONE, "ready", READERS),
    "findings": Call("get", f"{ONE}findings/", "ready", READERS),
    "groups": Call("get", f"{ONE}findings/groups/", "ready", READERS),
    "groups-short": Call("get", f"{ONE}groups/", "ready", READERS),
    "explain": Call(
        "post", f"{ONE}explanations/", "unexplained", (401, 201, 201, 404, 403, 403, 403),
        {"code": "net.W320", "reason": "confirmed"},
    ),
    "sign": Call("post", f"{ONE}sign/", "ready", (401, 403, 200, 404, 403, 403, 403)),
    "withdraw": Call("post", f"{ONE}withdraw/", "signed", (401, 403, 200, 404, 403, 403, 403)),
    "retry": Call("post", f"{ONE}retry/", "failed", (401, 202, 202, 404, 403, 202, 403)),
    "review": Call("post", f"{ONE}review/", "signed", (401, 403, 403, 404, 200, 200, 403)),
    "return": Call(
        "post", f"{ONE}return/", "signed", (401, 403, 403, 404, 200, 200, 403), {"reasons": [{"text": "Look again"}]}
    ),
    "accept": Call("post", f"{ONE}accept/", "signed", (401, 403, 403, 404, 403, 200, 403)),
    "exclude": Call(
        "post", f"{ONE}exclude/", "accepted", (401, 403, 403, 404, 403, 200, 403), {"reason": "Counted twice"}
    ),
    "reinstate": Call(
        "post", f"{ONE}reinstate/", "excluded", (401, 403, 403, 404, 403, 200, 403), {"reason": "Not twice"}
    ),
    "collections": Call("get", "collections/", "ready", PUBLIC),
    "form": Call("get", "collections/networks/", "ready", PUBLIC),
    "blank template": Call("get", "collections/networks/template.xlsx", "ready", PUBLIC),
    "filled template": Call(
        "get", "collections/networks/template.xlsx?unit=320000", "ready", (401, 200, 200, 403, 200, 200, 200)
    ),
    "indicators": Call("get", "indicators/", "ready", PUBLIC),
    "figures": Call("get", "figures/", "ready", PUBLIC),
    "targets": Call("get", "targets/", "ready", PUBLIC),
    "target": Call("get", "targets/NET_COUNT/", "ready", PUBLIC),
    "coverage": Call("get", "coverage/", "ready", PUBLIC),
}  # fmt: skip


@pytest.fixture
def clients(cast: Cast, client_of: ClientOf) -> list[APIClient]:
    """One client for each of WHO."""
    return [client_of(getattr(cast, name, None)) for name in WHO]


@pytest.fixture
def submission(cast: Cast, period: Period) -> Submission:
    """A submission of Jiangsu with one warning."""
    submission = factories.received(cast.js_preparer, period)
    Finding.objects.create(submission=submission, ordinal=1, severity="W", code="net.W320")
    return submission


def bring(submission: Submission, state: str, cast: Cast) -> None:
    """Put the submission into `state` directly in the database."""
    signature = {"signer": cast.js_signer, "signed_at": submission.received_at, "receipt_number": "GW-1"}
    signature["signed_sha256"] = submission.file_id
    decision = signature | {"reviewer": cast.admin, "decided_at": submission.received_at}
    more = {
        "signed": signature,
        "accepted": decision,
        "excluded": decision,
        "failed": {"failure": "gave-up"},
    }.get(state, {})
    Submission.objects.filter(pk=submission.pk).update(state=state, data_rows=0, **more)
    if state == "accepted":
        slot = {"unit": submission.unit, "collection": submission.collection, "period": submission.period}
        Register.objects.create(**slot, submission=submission, valid_from=submission.received_at)


def answered(client: APIClient, call: Call, submission: Submission) -> int:
    """Return the status and undo what the call changed. A refusal must name nothing of the submission."""
    address = "/api/v1/" + call.address.format(id=submission.pk)
    with transaction.atomic():
        answer = getattr(client, call.method)(address, call.body)
        transaction.set_rollback(True)
    if answer.status_code >= 400:
        assert set(answer.json()) == KEYS
        assert submission.filename not in answer.content.decode()
    return answer.status_code


@pytest.mark.parametrize("name", CALLS)
def test_rights(clients: list[APIClient], cast: Cast, submission: Submission, name: str) -> None:
    call = CALLS[name]
    bring(submission, call.state, cast)
    statuses = tuple(answered(client, call, submission) for client in clients)
    assert dict(zip(WHO, statuses, strict=True)) == dict(zip(WHO, call.statuses, strict=True))


@pytest.mark.parametrize(
    ("address", "statuses"),
    [
        ("submissions/", (401, 202, 202, 202, 403, 403, 403)),
        ("validate/", ALL_STAFF),
    ],
)
def test_rights_to_send_files(
    clients: list[APIClient], period: Period, address: str, statuses: tuple[int, ...]
) -> None:
    demo = workbook("320000", "networks", period.quarter, rows=3)
    answers = []
    for client in clients:
        file = io.BytesIO(demo.data)
        file.name = demo.filename
        body = {"collection": "networks", "period": period.code, "file": file, "unit": "320000"}
        with transaction.atomic():
            answers.append(client.post(f"/api/v1/{address}", body, format="multipart").status_code)
            transaction.set_rollback(True)
    assert dict(zip(WHO, answers, strict=True)) == dict(zip(WHO, statuses, strict=True))


def test_list_shows_a_unit_its_own(clients: list[APIClient], submission: Submission) -> None:
    counts = [client.get("/api/v1/submissions/").json().get("count") for client in clients]
    assert counts == [None, 1, 1, 0, 1, 1, 1]


def test_missing_and_foreign_look_the_same(clients: list[APIClient], submission: Submission) -> None:
    foreign = clients[WHO.index("zj_signer")]
    missing = foreign.get("/api/v1/submissions/00000000-0000-0000-0000-000000000000/").json()
    hidden = foreign.get(f"/api/v1/submissions/{submission.pk}/").json()
    assert {**missing, "request_id": ""} == {**hidden, "request_id": ""}


def test_allowed_actions_tell_what_will_work(
    clients: list[APIClient], cast: Cast, submission: Submission
) -> None:
    bring(submission, "signed", cast)
    actions = {
        name: client.get(f"/api/v1/submissions/{submission.pk}/").json().get("allowed_actions")
        for name, client in zip(WHO, clients, strict=True)
    }
    assert actions["js_signer"] == ["read", "share", "withdraw"]
    assert actions["reviewer"] == ["read", "review", "return"]
    assert actions["admin"] == ["read", "review", "return", "accept"]
    assert actions["auditor"] == ["read"]
