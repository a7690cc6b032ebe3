"""The words of notices, in the reader's language: what happened, with the counts of that moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.labels import period_label
from submissions.models import Collection, Notice, NoticeKind, State


def title(notice: Notice) -> str:
    """Return what a notice is about: form, period and version, or the period."""
    if notice.submission is None:
        return _("Period %(period)s") % {"period": period_label(notice.period_id or "")}
    params = {
        "form": notice.submission.get_collection_display(),
        "period": period_label(notice.period_id or ""),
        "version": notice.submission.version,
    }
    return _("%(form)s, %(period)s, version %(version)s") % params


def sentence(notice: Notice) -> str:
    """Return what happened and what is to be done, in a sentence or two."""
    return _SENTENCES[NoticeKind(notice.kind)](notice.params)


def _verdict(params: dict[str, Any]) -> str:
    if params["set_aside"]:
        return _("The file does not match what was chosen and was set aside. Decide what to do with it.")
    return _BY_STATE[State(params["state"])](params)


def _invalid(params: dict[str, Any]) -> str:
    errors = ngettext(
        "Checked: %(errors)s error to correct.", "Checked: %(errors)s errors to correct.", params["errors"]
    ) % {"errors": f"{params['errors']:,}"}
    return _joined(errors, _warnings(params)) if params["open_warnings"] else errors


def _unexplained(params: dict[str, Any]) -> str:
    return _joined(_("Checked: no errors."), _warnings(params))


def _warnings(params: dict[str, Any]) -> str:
    count = params["open_warnings"]
    return ngettext(
        "%(count)s warning needs a correction or an explanation.",
        "%(count)s warnings need a correction or an explanation.",
        count,
    ) % {"count": f"{count:,}"}


def _ready(params: dict[str, Any]) -> str:
    return _("Checked: no errors and nothing left to explain. It can be signed.")


def _to_sign(params: dict[str, Any]) -> str:
    rows = params["rows"]
    return ngettext(
        "Ready, with %(rows)s record. It waits for your signature.",
        "Ready, with %(rows)s records. It waits for your signature.",
        rows,
    ) % {"rows": f"{rows:,}"}


def _failed(params: dict[str, Any]) -> str:
    return _("The check was interrupted by a system fault. Your file is kept; run the check again.")


def _signed(params: dict[str, Any]) -> str:
    return _("Signed. It waits for the ministry's review.")


def _returned(params: dict[str, Any]) -> str:
    return _("Returned by the ministry: %(reason)s") % {"reason": params["reason"]}


def _accepted(params: dict[str, Any]) -> str:
    rows = params["rows"]
    return ngettext(
        "Accepted: it is your register of the period, with %(rows)s record.",
        "Accepted: it is your register of the period, with %(rows)s records.",
        rows,
    ) % {"rows": f"{rows:,}"}


def _excluded(params: dict[str, Any]) -> str:
    return _(
        "Excluded by the ministry: this register no longer counts in the national figures. Reason: %(reason)s"
    ) % {"reason": params["reason"]}


def _reinstated(params: dict[str, Any]) -> str:
    return _("In force again: the national figures count this register once more. Reason: %(reason)s") % {
        "reason": params["reason"]
    }


def _due(params: dict[str, Any]) -> str:
    days, forms = params["days"], [str(Collection(name).label) for name in params["collections"]]
    owed = _("Not submitted yet: %(forms)s.") % {"forms": _(", ").join(forms)}
    if days < 0:
        return _joined(_("The due date has passed."), owed)
    if days == 0:
        return _joined(_("Due today."), owed)
    left = ngettext("Due in %(days)s day.", "Due in %(days)s days.", days) % {"days": days}
    return _joined(left, owed)


def _joined(first: str, second: str) -> str:
    """Join two sentences; Chinese has no space between them."""
    return _("%(first)s %(second)s") % {"first": first, "second": second}


_BY_STATE: dict[State, Callable[[dict[str, Any]], str]] = {
    State.INVALID: _invalid,
    State.UNEXPLAINED: _unexplained,
    State.READY: _ready,
}

_SENTENCES: dict[NoticeKind, Callable[[dict[str, Any]], str]] = {
    NoticeKind.VERDICT: _verdict,
    NoticeKind.FAILED: _failed,
    NoticeKind.TO_SIGN: _to_sign,
    NoticeKind.SIGNED: _signed,
    NoticeKind.RETURNED: _returned,
    NoticeKind.ACCEPTED: _accepted,
    NoticeKind.EXCLUDED: _excluded,
    NoticeKind.REINSTATED: _reinstated,
    NoticeKind.DUE: _due,
}
