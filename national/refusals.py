"""Refusals of this package, raised as `submissions.workflow.refusals.RefusalError`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from submissions.workflow.refusals import RefusalCode


class NationalRefusal(RefusalCode):
    """Why something about releases or published values is refused."""

    VINTAGE_KNOWN = (
        "vintage-known",
        _("The same value for {date} with the same source is already entered. Nothing was changed."),
    )
    NOTHING_TO_RELEASE = (
        "nothing-to-release",
        _("No figure differs from the last release, so there is nothing to release."),
    )
    FIGURES_CHANGED = (
        "figures-changed",
        _("The figures have changed since they were shown. Look at the changes again, then confirm."),
    )
    HOUR_PAST = "hour-past", _("The time of release must lie in the future.")
    HOUR_OUT_OF_ORDER = (
        "hour-out-of-order",
        _("Releases are published in the order of their numbers, and release {number} is due at {hour}."),
    )
    ALREADY_PUBLISHED = (
        "already-published",
        _("Release {number} is published; its time can no longer be changed."),
    )
    ALREADY_WITHDRAWN = "already-withdrawn", _("Release {number} has been withdrawn already.")
    LATER_RELEASE_WAITS = (
        "later-release-waits",
        _("Release {number} is compared with this one and is not published yet. Withdraw it first."),
    )
