"""Two at once, on real connections: of two decisions, uploads or workers exactly one wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from rest_framework.test import APIClient

from submissions import dispatch
from submissions.checks import intake
from submissions.edits.explanations import explain
from submissions.jobs import leases
from submissions.jobs.sweeper import sweep
from submissions.models import Event, Explanation, IdempotencyKey, Period, Record, Register, State, Submission
from submissions.signoff import review
from submissions.signoff.review import ReasonGiven
from submissions.workflow.refusals import RefusalError
from tests.acts import check, fresh, send
from tests.conftest import Cast
from tests.planned_engine import Engine, planned, warning

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def queued(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the queue was told of; nothing is sent."""
    heard: list[object] = []

    def tell(submission_id: object) -> bool:
        heard.append(submission_id)
        return True

    monkeypatch.setattr(dispatch, "enqueue", tell)
    return heard


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all acts at the same moment, each on its own connection; what each gave, or the code it was refused with."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        try:
            start.wait()
            return act()
        except RefusalError as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def ready(cast: Cast, period: Period, engine: Engine) -> Submission:
    return check(send(cast.js_preparer))


@pytest.fixture
def signed(cast: Cast, ready: Submission) -> Submission:
    review.sign(submission=ready, by=cast.js_signer)
    return ready


def test_versions_are_numbered_without_gap_or_double(cast: Cast, period: Period) -> None:
    sent = at_once(*[lambda: send(cast.js_preparer) for _ in range(6)])
    assert sorted(submission.version for submission in sent) == [1, 2, 3, 4, 5, 6]
    assert Submission.objects.exclude(state=State.SUPERSEDED).get().version == 6


def test_the_same_file_twice_makes_one_version(cast: Cast, period: Period) -> None:
    sent = at_once(*[lambda: send(cast.js_preparer, b"same") for _ in range(4)])
    assert sent.count("same-file") == 3
    assert Submission.objects.count() == 1


def test_a_double_click_with_a_key_makes_one_submission(
    cast: Cast, period: Period, queued: list[object]
) -> None:
    sent = at_once(*[lambda: send(cast.js_preparer, b"same", idempotency_key="k") for _ in range(4)])
    assert len({submission.pk for submission in sent}) == 1
    assert Submission.objects.count() == IdempotencyKey.objects.count() == len(queued) == 1


def test_two_signers_make_one_signature(cast: Cast, ready: Submission) -> None:
    by_each = [
        lambda: review.sign(submission=fresh(ready), by=cast.js_signer),
        lambda: review.sign(submission=fresh(ready), by=cast.js_second_signer),
    ]
    assert sorted(map(str, at_once(*by_each))) == ["None", "wrong-state"]
    assert Event.objects.filter(submission=ready, to_state=State.SIGNED).count() == 1


def test_acceptance_return_and_withdrawal_leave_one_decision(cast: Cast, signed: Submission) -> None:
    seen = [fresh(signed) for _ in range(4)]
    outcomes = at_once(
        lambda: review.accept(submission=seen[0], by=cast.admin),
        lambda: review.accept(submission=seen[1], by=cast.admin),
        lambda: review.return_(submission=seen[2], by=cast.reviewer, reasons=[ReasonGiven("no")]),
        lambda: review.withdraw(submission=seen[3], by=cast.js_signer),
    )
    assert sorted(map(str, outcomes)) == ["None", "wrong-state", "wrong-state", "wrong-state"]
    accepted = fresh(signed).state == State.ACCEPTED
    assert Register.objects.count() == accepted
    assert Record.objects.count() == 3 * accepted
    assert Event.objects.filter(submission=signed, from_state=State.SIGNED).count() == 1


def test_a_signature_and_a_newer_version_do_not_both_stand(cast: Cast, ready: Submission) -> None:
    outcomes = at_once(
        lambda: review.sign(submission=fresh(ready), by=cast.js_signer),
        lambda: send(cast.js_preparer).state,
    )
    state = fresh(ready).state
    assert outcomes in (
        [[None, "signed-waits"]] if state == State.SIGNED else [["newer-waits", State.RECEIVED]]
    )
    assert Submission.objects.filter(state=State.SIGNED).count() == (state == State.SIGNED)


def test_many_workers_make_one_check(cast: Cast, period: Period, engine: Engine) -> None:
    submission = send(cast.js_preparer)
    at_once(*[lambda: intake.check(submission_id=submission.pk) for _ in range(4)])
    assert len(engine.contexts) == 1
    assert fresh(submission).attempts == 1


def test_many_claims_on_a_dead_worker_s_row_give_one_lease(cast: Cast, period: Period) -> None:
    submission = send(cast.js_preparer)
    lease = leases.claim(submission.pk)
    assert lease is not None
    with leases.held(lease):
        pass
    claims = at_once(*[lambda: leases.claim(submission.pk) for _ in range(4)])
    assert sum(claim is not None for claim in claims) == 1


def test_two_sweeps_tell_each_row_once(cast: Cast, period: Period, queued: list[object]) -> None:
    for by in (cast.js_preparer, cast.zj_preparer, cast.nb_preparer):
        send(by)
    Submission.objects.update(queued_at=None)
    queued.clear()
    at_once(sweep, sweep, sweep)
    assert len(queued) == len(set(queued)) == 3


def test_explanations_at_once_leave_the_right_count(cast: Cast, period: Period, engine: Engine) -> None:
    codes = ["net.W320", "net.W321", "net.W329", "net.W330"]
    engine.answer = planned(warning(code) for code in codes)
    submission = check(send(cast.js_preparer))
    acts = [
        lambda code=code: explain(
            submission=fresh(submission), by=cast.js_preparer, code=code, reason="confirmed"
        )
        for code in codes
    ]
    at_once(*acts)
    assert (fresh(submission).state, fresh(submission).open_warnings) == (State.READY, 0)


def test_two_forms_settled_at_once_do_not_miss_each_other(cast: Cast, period: Period, engine: Engine) -> None:
    networks, applications = send(cast.js_preparer), send(cast.js_preparer, collection="ai_applications")
    at_once(
        lambda: intake.check(submission_id=networks.pk),
        lambda: intake.check(submission_id=applications.pk),
    )
    applications = fresh(applications)
    compared = applications.report["compared_with"]["networks"]
    assert compared == str(networks.pk) or applications.state == State.RECEIVED


def test_twenty_identical_explanations_leave_one(cast: Cast, period: Period, engine: Engine) -> None:
    engine.answer = planned([warning(row=row, key=f"JS-{row}") for row in (3, 4, 5)])
    submission = check(send(cast.js_preparer))
    address, body = (
        f"/api/v1/submissions/{submission.pk}/explanations/",
        {"code": "net.W320", "reason": "confirmed"},
    )

    def send_it() -> tuple[int, object]:
        client = APIClient()
        client.force_authenticate(cast.js_preparer)
        answer = client.post(address, body, format="json")
        return answer.status_code, answer.json().get("id")

    answers = at_once(*[send_it] * 20)
    kept = Explanation.objects.get()
    assert set(answers) == {(201, kept.pk)}
    assert kept.findings.count() == 3
    assert fresh(submission).state == State.READY
    assert submission.events.filter(act="explained").count() == 1
