"""Acceptances of one period at the same time: figures come out as if they had come one after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from national.dissemination import releases
from national.models import Figure, Release
from national.verification.recompute import compare
from submissions.models import Period, Submission, User
from submissions.signoff import review
from submissions.workflow.refusals import RefusalError
from tests.conftest import Cast
from tests.national.frames import applications, networks
from tests.national.registers import sign_frame

pytestmark = pytest.mark.django_db(transaction=True)


def accept_at_once(submissions: list[Submission], admin: User) -> None:
    """Each in a thread of its own, with a connection of its own, starting together."""
    start = Barrier(len(submissions), timeout=20)

    def accept(submission: Submission) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            review.accept(submission=submission, by=admin)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(submissions)) as pool:
        list(pool.map(accept, submissions))


def test_no_unit_is_lost_from_the_national_sum(cast: Cast, period: Period) -> None:
    units = ["110000", "320000", "330000", "330200", "440000", "440300"]
    signed = [
        sign_frame(unit, period, "networks", networks(*[{}] * number), cast.admin)
        for number, unit in enumerate(units, 1)
    ]
    accept_at_once(signed, cast.admin)
    national = Figure.objects.in_force().get(area="CN", indicator="NET_COUNT", breakdown="total")
    assert (national.value, national.units_accepted) == (21, 6)
    assert compare(period.code).agrees


def test_both_registers_of_a_unit_see_each_other(cast: Cast, period: Period) -> None:
    both = [
        sign_frame("320000", period, "networks", networks({"network_code": "A-01"}), cast.admin),
        sign_frame("320000", period, "ai_applications", applications({"network_code": "A-01"}), cast.admin),
    ]
    accept_at_once(both, cast.admin)
    assert Figure.objects.in_force().get(area="CN", indicator="AI_ON_5G", breakdown="total").value == 1
    assert compare(period.code).agrees


def test_a_release_waits_for_the_acceptance_under_way(cast: Cast, period: Period) -> None:
    """What has its moment before the release's is in it, although it is committed later."""
    first = sign_frame("320000", period, "networks", networks({}), cast.admin)
    second = sign_frame("330000", period, "networks", networks({}, {}), cast.admin)
    review.accept(submission=first, by=cast.admin)
    accepted, released = Event(), Event()

    def accept_slowly() -> bool:
        try:
            with transaction.atomic():
                review.accept(submission=second, by=cast.admin)
                accepted.set()
                return released.wait(2)
        finally:
            connection.close()

    def release() -> Release:
        try:
            accepted.wait(20)
            return releases.make(by=cast.admin)
        finally:
            released.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        overtook, made = pool.submit(accept_slowly), pool.submit(release)
        assert overtook.result() is False
        moment = made.result().moment
    held = Figure.objects.as_of(moment).get(area="CN", indicator="NET_COUNT", breakdown="total")
    assert (held.value, made.result().figures) == (3, Figure.objects.as_of(moment).count())


def test_two_administrators_make_one_release(cast: Cast, period: Period) -> None:
    review.accept(
        submission=sign_frame("320000", period, "networks", networks({}), cast.admin), by=cast.admin
    )
    start = Barrier(2, timeout=20)

    def release(_number: int) -> str:
        try:
            connection.ensure_connection()
            start.wait()
            releases.make(by=cast.admin)
        except RefusalError as refused:
            return refused.code
        finally:
            connection.close()
        return "made"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(release, range(2))) == ["made", "nothing-to-release"]
    assert Release.objects.get().number == 1
