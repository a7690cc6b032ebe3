"""Texts of the grid's script in the reader's language; {names} are filled in by the script."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.badges import SEVERITIES


def grid_words() -> dict[str, str]:
    """Texts by the name that the script uses."""
    return _cell_words() | _fixing_words()


def _cell_words() -> dict[str, str]:
    return {
        **{severity: str(look.label) for severity, look in SEVERITIES.items()},
        "grid": _("Your rows with their findings"),
        "row": _("Row"),
        "problems": _("Findings"),
        "blank": _("(blank)"),
        "loading": _("Loading…"),
        "more": _("+{count} more"),
        "none": _("No finding here."),
        "inRow": _("Elsewhere in this row"),
        "wholeRow": _("the row"),
        "noData": _("Not a data row: correct it in your file and upload it again."),
        "sortedUp": _("Sorted by {column}, ascending."),
        "sortedDown": _("Sorted by {column}, descending."),
        "position": _("{at} of {total} rows"),
        "expected": _("Expected: {text}"),
        "corrected": _("Corrected by {by}, {at}"),
        "explained": _("Explained: {text}"),
        "ministry": _("Ministry: {text}"),
        "explain": _("Explain"),
        "explainAnew": _("Explain again"),
        "giveBack": _("Return for this reason"),
        "choose": _("Choose one of the nearest allowed values:"),
    }


def _fixing_words() -> dict[str, str]:
    return {
        "value": _("Value of {cell}"),
        "save": _("Save"),
        "restore": _("Restore the file's value"),
        "alike": _("Correct all {count} like this…"),
        "saving": _("Saving {cell}…"),
        "unchanged": _("{cell} was not changed."),
        "saved": _("{cell} is saved; it has no findings left."),
        "savedStill": _("{cell} is saved. It still has a finding: {message}"),
        "left": _("{errors} errors and {open} open warnings remain."),
        "checking": _("Saved. The whole file is being checked again, because it has total rows."),
        "undone": _("The last correction is undone."),
        "givenUp": _("Your last entry in {cell} was discarded."),
        "nothingToUndo": _("There is nothing to undo on this page."),
        "lost": _("The connection was lost. What you typed is kept; try again."),
        "fault": _(
            "The system has a fault, and nothing was changed. What you typed is kept; try again in a while."
        ),
        "loggedOut": _(
            "You are no longer logged in. Log in again in another window, then save once more; what you typed is kept."
        ),
        "logIn": _("Log in in another window"),
        "conflict": _("{cell} was changed by somebody else meanwhile."),
        "theirs": _("It now contains “{value}”."),
        "mine": _("You typed “{value}”."),
        "keepTheirs": _("Keep the current value"),
        "writeMine": _("Use my value"),
        "again": _("Try again"),
    }
