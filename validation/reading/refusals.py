"""The refusals of the reading stage, each with its reason in Chinese and English."""

from __future__ import annotations

from validation.raw import RefusedFileError


class UsedUpError(RefusedFileError):
    """What the whole file may take is used up (file.E004), so that none of its other sheets is tried."""


def damaged(zh: str, en: str) -> RefusedFileError:
    """file.E001: not readable; `zh` and `en` say why."""
    return RefusedFileError("file.E001", detail={"zh": zh, "en": en})


def unsupported(zh: str, en: str) -> RefusedFileError:
    """file.E002: the content is something else, named by `zh` and `en`."""
    return RefusedFileError("file.E002", found={"zh": zh, "en": en})


def encrypted() -> RefusedFileError:
    """file.E003: a password is needed to open it."""
    return RefusedFileError("file.E003")


def over_limit(zh: str, en: str) -> RefusedFileError:
    """file.E004: the limit it is over, as the users know it."""
    return RefusedFileError("file.E004", limit={"zh": zh, "en": en})


def used_up(zh: str, en: str) -> UsedUpError:
    """file.E004 of the file as a whole."""
    return UsedUpError("file.E004", limit={"zh": zh, "en": en})
