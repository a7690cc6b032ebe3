"""Next steps: the one thing a unit's person can do now for a slot or a submission, in words and with its address."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.models import State, Submission, User
from submissions.notifications.obligations import Slot, SlotState
from submissions.workflow import permissions
from submissions.workflow.permissions import Action
from submissions.workflow.refusals import Refusal, RefusalError
from validation import Severity


class NextStep(NamedTuple):
    """`text` says where things stand and what comes next; without `url` the person only waits."""

    text: str
    label: str = ""
    url: str = ""


def for_slot(slot: Slot, user: User) -> NextStep:
    """What the unit owes next for a slot."""
    submission = slot.current
    if slot.state in (SlotState.NOT_OPEN, SlotState.MISSING) and submission is None:
        return _WITHOUT[slot.state](slot)
    if submission is None:
        return NextStep(
            _("Nothing has been sent yet."),
            _("Upload a workbook"),
            upload_url(slot.collection, slot.period.pk),
        )
    return for_submission(submission, user)


def for_submission(submission: Submission, user: User) -> NextStep:
    """Return the next step for one version."""
    if submission.set_aside and submission.state == State.INVALID:
        return NextStep(
            _("Set aside until you decide about it."), _("See why, and decide"), _page(submission)
        )
    if submission.state in _ENDS_WITH_PERIOD and timezone.localdate() > submission.period.closes:
        return NextStep(_past(submission), _("See its status"), _page(submission))
    newer = submission.newer_waiting() if submission.state in _CHECKED else None
    if newer is not None:
        text = _(
            "Version %(version)s was uploaded after this one and is still being checked. Wait for its result."
        )
        return NextStep(text % {"version": newer.version}, _("See the newer version"), _page(newer))
    return _BY_STATE[State(submission.state)](submission, user)


def upload_url(collection: str, period: str) -> str:
    return reverse("portal:upload", args=[collection, period])


def _not_open(slot: Slot) -> NextStep:
    return NextStep(_("Uploads open on %(day)s.") % {"day": slot.period.opens})


def _missing(slot: Slot) -> NextStep:
    return NextStep(_("The period closed on %(day)s without a report.") % {"day": slot.period.closes})


_WITHOUT: dict[str, Callable[[Slot], NextStep]] = {
    SlotState.NOT_OPEN: _not_open,
    SlotState.MISSING: _missing,
}


def _past(submission: Submission) -> str:
    """Return the step after the period has closed: none, until the ministry extends it."""
    parameters = {"day": submission.period.closes}
    if submission.state == State.RETURNED:
        return (
            _(
                "Returned, and the period closed on %(day)s. Ask the ministry's administrator to extend it; "
                "then a corrected version can be uploaded."
            )
            % parameters
        )
    if submission.state == State.EXCLUDED:
        return (
            _(
                "Excluded, and the period closed on %(day)s. Ask the ministry's administrator to "
                "extend it; then a corrected version can be uploaded."
            )
            % parameters
        )
    return (
        _(
            "The period closed on %(day)s before this was signed. Ask the ministry's administrator to "
            "extend it if it still has to be submitted."
        )
        % parameters
    )


def _watch(submission: Submission, user: User) -> NextStep:
    return NextStep(_("The file is being checked."), _("Watch the check"), _page(submission))


def _correct(submission: Submission, user: User) -> NextStep:
    text = ngettext(
        "%(count)s error must be corrected: here in its cell, or in the workbook, which you "
        "then upload again.",
        "%(count)s errors must be corrected: here in their cells, or in the workbook, which "
        "you then upload again.",
        submission.errors,
    )
    url = _findings(submission, f"severity={Severity.ERROR}")
    return NextStep(text % {"count": f"{submission.errors:,}"}, _("See the errors"), url)


def _explain(submission: Submission, user: User) -> NextStep:
    text = ngettext(
        "%(count)s warning needs a correction or an explanation.",
        "%(count)s warnings need a correction or an explanation.",
        submission.open_warnings,
    )
    url = _findings(submission, f"severity={Severity.WARNING}&answered=no")
    return NextStep(text % {"count": f"{submission.open_warnings:,}"}, _("Answer the warnings"), url)


def _sign(submission: Submission, user: User) -> NextStep:
    if submission.blocking_rules:
        codes = ", ".join(submission.blocking_rules)
        return NextStep(RefusalError(Refusal.NOT_EVALUABLE, codes=codes).message)
    if permissions.can(user, Action.SIGN, submission):
        return NextStep(_("Ready: review and sign."), _("Sign"), _page(submission, "sign"))
    return NextStep(_("Ready. A signer of your unit who did not upload the file signs it."))


def _await_decision(submission: Submission, user: User) -> NextStep:
    if submission.review_began_at:
        return NextStep(_("Signed. The ministry is reviewing it."))
    return NextStep(_("Signed. It waits for the ministry's review."))


def _keep(submission: Submission, user: User) -> NextStep:
    return NextStep(_("Accepted. Nothing is left to do."))


def _again(submission: Submission, user: User) -> NextStep:
    url = upload_url(submission.collection, submission.period_id)
    return NextStep(
        _("Returned. Read the reasons, correct and upload again."), _("Upload a corrected version"), url
    )


def _renew(submission: Submission, user: User) -> NextStep:
    url = upload_url(submission.collection, submission.period_id)
    return NextStep(
        _("Excluded by the ministry. Read the reason, then upload a corrected version."),
        _("Upload a corrected version"),
        url,
    )


def _send(submission: Submission, user: User) -> NextStep:
    url = upload_url(submission.collection, submission.period_id)
    return NextStep(_("Withdrawn. Send a new version."), _("Upload a workbook"), url)


def _superseded(submission: Submission, user: User) -> NextStep:
    url = reverse("portal:history", args=[submission.collection, submission.period_id])
    return NextStep(_("Replaced by a newer version."), _("See all versions"), url)


def _failed(submission: Submission, user: User) -> NextStep:
    return NextStep(_("The check was interrupted by a system fault."), _("See what to do"), _page(submission))


_CHECKED = (State.INVALID, State.UNEXPLAINED, State.READY)

#: states that want something of the unit that it may not do after the period has closed
_ENDS_WITH_PERIOD = (*_CHECKED, State.RETURNED, State.EXCLUDED, State.WITHDRAWN)

_BY_STATE: dict[State, Callable[[Submission, User], NextStep]] = {
    State.RECEIVED: _watch,
    State.CHECKING: _watch,
    State.INVALID: _correct,
    State.UNEXPLAINED: _explain,
    State.READY: _sign,
    State.SIGNED: _await_decision,
    State.ACCEPTED: _keep,
    State.EXCLUDED: _renew,
    State.RETURNED: _again,
    State.WITHDRAWN: _send,
    State.SUPERSEDED: _superseded,
    State.FAILED: _failed,
}


def _page(submission: Submission, name: str = "submission") -> str:
    return reverse(f"portal:{name}", args=[submission.pk])


def _findings(submission: Submission, query: str) -> str:
    return f"{_page(submission, 'findings')}?{query}"
