"""Events: one row per act on a submission, written in the act's own transaction."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.models.submission import State, Submission
from submissions.models.user import User


class Act(models.TextChoices):
    """What was done to a submission. Behind each the keys of the event's `detail`."""

    RECEIVED = "received", _("submitted")  # file: its name; none for a nil return
    NIL_DECLARED = "nil_declared", _("nothing to report declared")
    CHECK_STARTED = "check_started", _("check started")  # attempt
    CHECKED = "checked", _("checked")
    CHECK_FAILED = "check_failed", _("check failed")  # failure: a code of FAILURES
    CHECK_RETRIED = "check_retried", _("check run again")
    SUPERSEDED = "superseded", _("replaced by a newer version")  # version: the newer one
    TITLES_MAPPED = "titles_mapped", _("meaning of column titles given")  # titles: field key or null by title
    TITLE_FORGOTTEN = "title_forgotten", _("meaning of a column title withdrawn")  # title
    SHEETS_CHOSEN = "sheets_chosen", _("sheets chosen")  # sheets: row of the header or null by sheet
    CORRECTIONS_CARRIED = "corrections_carried", _("corrections of the version before taken over")
    CELLS_CORRECTED = "cells_corrected", _("cells corrected")  # cells: how many
    EXPLAINED = "explained", _("warnings explained")  # rules: warnings by rule code
    EXPLANATION_WITHDRAWN = "explanation_withdrawn", _("explanation withdrawn")  # warnings: how many
    REASON_ANSWERED = "reason_answered", _("reason of the return answered")
    FILE_REPAIRED = "file_repaired", _("stored file repaired")
    COMPANION_CHANGED = "companion_changed", _("the form it is compared with changed")
    RULES_CHANGED = "rules_changed", _("checked by changed rules")
    CONFIRMED = "confirmed", _("set-aside file confirmed")
    DISCARDED = "discarded", _("file discarded")
    REDIRECTED = "redirected", _("sent on to another form or period")  # collection, period
    LINK_MADE = "link_made", _("link to findings created")  # link: its id
    LINK_REVOKED = "link_revoked", _("link to findings revoked")  # link: its id
    SIGNED = "signed", _("signed")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REVIEW_BEGAN = "review_began", _("review began")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")
    EXCLUDED = "excluded", _("excluded")
    REINSTATED = "reinstated", _("put in force again")
    OTHER = "other", _("other act")  # text: as it was written before acts had codes


class Event(models.Model):
    """Who did what to which submission, and what state that left it in. `actor` is null for the system; `reason` is
    what a person wrote, `detail` the facts of the act as named in `Act`."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="events")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True)
    act = models.CharField(max_length=24, choices=Act)
    detail = models.JSONField(default=dict, blank=True)
    from_state = models.CharField(max_length=12, choices=State, blank=True)
    to_state = models.CharField(max_length=12, choices=State)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["submission", "id"], name="event_of_submission")]

    def __str__(self) -> str:
        return f"{self.act}: {self.from_state or '∅'} → {self.to_state}"
