"""How states and severities look: text, tone and icon together, so that colour is never the only sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from submissions import labels
from submissions.exports.changes_table import KINDS_SAID
from submissions.models import State
from submissions.notifications.obligations import SlotState
from submissions.signoff.return_followup import ReasonOutcome
from validation import Severity

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Look(NamedTuple):
    """`tone` is a class of portal.css, `icon` a symbol of icons.svg."""

    label: _StrPromise | str
    tone: str
    icon: str


STATES: dict[str, Look] = {
    State.RECEIVED: Look(State.RECEIVED.label, "wait", "clock"),
    State.CHECKING: Look(State.CHECKING.label, "wait", "refresh"),
    State.INVALID: Look(State.INVALID.label, "bad", "cross"),
    State.UNEXPLAINED: Look(State.UNEXPLAINED.label, "warn", "warning"),
    State.READY: Look(State.READY.label, "info", "pen"),
    State.SIGNED: Look(State.SIGNED.label, "info", "seal"),
    State.ACCEPTED: Look(State.ACCEPTED.label, "good", "check"),
    State.EXCLUDED: Look(State.EXCLUDED.label, "bad", "warning"),
    State.RETURNED: Look(State.RETURNED.label, "bad", "back"),
    State.WITHDRAWN: Look(State.WITHDRAWN.label, "quiet", "back"),
    State.SUPERSEDED: Look(State.SUPERSEDED.label, "quiet", "layers"),
    State.FAILED: Look(State.FAILED.label, "bad", "warning"),
}

#: A slot without a report; one with a report shows the state of its submission.
SLOTS: dict[str, Look] = {
    SlotState.NOT_OPEN: Look(_("Not open yet"), "quiet", "clock"),
    SlotState.NOT_YET_DUE: Look(_("Not yet reported"), "wait", "clock"),
    SlotState.LATE: Look(_("Overdue"), "bad", "warning"),
    SlotState.MISSING: Look(_("Missing"), "bad", "cross"),
    SlotState.NIL: Look(_("Nothing to report"), "good", "check"),
    SlotState.EXCLUDED: Look(State.EXCLUDED.label, "bad", "warning"),
    SlotState.SUBMITTED: Look(_("Submitted"), "good", "check"),
}

#: Levels of rules, in the order in which a check answers them.
RULE_LEVELS: dict[str, _StrPromise] = {
    "structure": _("the file"),
    "cell": _("single cells"),
    "row": _("one row"),
    "table": _("rows against each other"),
    "cross": _("against the other form"),
    "history": _("against the last accepted period"),
    "national": _("against other units"),
}


def _severity_label(severity: Severity) -> str:
    return str(getattr(severity, f"label_{labels.language()}"))


severity_label = lazy(_severity_label, str)
SEVERITIES: dict[str, Look] = {
    Severity.ERROR: Look(severity_label(Severity.ERROR), "bad", "cross"),
    Severity.WARNING: Look(severity_label(Severity.WARNING), "warn", "warning"),
    Severity.INFO: Look(severity_label(Severity.INFO), "info", "info"),
}

PHASES: dict[str, _StrPromise] = {
    "waiting": _("Waiting in the queue"),
    "reading": _("Reading the file"),
    "layout": _("Recognising sheets, header and columns"),
    "casting": _("Reading the values"),
    "checking": _("Checking the rules"),
    "storing": _("Storing the findings"),
    "done": _("Done"),
}


class Phase(NamedTuple):
    """One phase of a check; `standing` is done, now or to-come."""

    label: _StrPromise
    standing: str


def phases(now: str) -> list[Phase]:
    """All phases up to the verdict, in order."""
    names = [name for name in PHASES if name != "done"]
    at = names.index(now) if now in names else len(names)
    return [
        Phase(PHASES[name], "done" if place < at else "now" if place == at else "to-come")
        for place, name in enumerate(names)
    ]


#: Kinds of rows that are read and are no data, as the engine names them.
SKIPPED: dict[str, _StrPromise] = {
    "blank": _("blank row"),
    "title": _("title"),
    "header": _("header"),
    "filling_block": _("filling-in block"),
    "column_number": _("column numbers"),
    "heading": _("group headings"),
    "repeated_header": _("repeated header"),
    "total": _("total row"),
    "note": _("note"),
    "single": _("row with one filled cell"),
    "unreadable": _("row that cannot be read"),
    "sample": _("sample row"),
    "tail": _("rows after the table"),
}

#: How a title was matched to a column of the form.
MATCHES: dict[str, Look] = {
    "title": Look(_("official title"), "good", "check"),
    "alias": Look(_("read by another name"), "info", "info"),
    "remembered": Look(_("as your unit specified"), "good", "pen"),
    "passed_by": Look(_("ignored, as your unit specified"), "quiet", "back"),
    "ignored": Look(_("serial number, not needed"), "quiet", "back"),
    "unknown": Look(_("not part of the form, ignored"), "warn", "warning"),
}

#: What became of a record between two registers.
CHANGES: dict[str, Look] = {
    "removed": Look(KINDS_SAID["removed"], "bad", "cross"),
    "added": Look(KINDS_SAID["added"], "good", "check"),
    "changed": Look(KINDS_SAID["changed"], "info", "pen"),
}

#: What became of a reason for which a version was returned, in the next one.
FATES: dict[str, Look] = {
    ReasonOutcome.FIXED: Look(_("fixed"), "good", "check"),
    ReasonOutcome.CHANGED: Look(_("changed, to be reviewed"), "info", "pen"),
    ReasonOutcome.EXPLAINED: Look(_("explained"), "info", "info"),
    ReasonOutcome.UNCHANGED: Look(_("unchanged"), "warn", "warning"),
}
