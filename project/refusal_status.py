"""The HTTP status of every refusal: one table for pages and API."""

from __future__ import annotations

from national.refusals import NationalRefusal
from submissions.workflow.refusals import Refusal, RefusalCode, RefusalError

_BY_STATUS: dict[int, tuple[RefusalCode, ...]] = {
    400: (
        Refusal.FILE_EMPTY,
        Refusal.IDEMPOTENCY_KEY_LONG,
        Refusal.DELEGATION_DAYS,
        Refusal.REASON_UNKNOWN,
        Refusal.TEXT_TOO_LONG,
        Refusal.TOO_MANY_CELLS,
        Refusal.SHARE_DAYS,
        Refusal.SHARE_EMPTY,
        Refusal.PLACE_UNKNOWN,
        Refusal.SHEET_UNREAD,
        Refusal.ROW_UNKNOWN,
        Refusal.REASON_REQUIRED,
        NationalRefusal.HOUR_PAST,
    ),
    403: (
        Refusal.NOT_ALLOWED,
        Refusal.SIGNER_IS_UPLOADER,
    ),
    404: (
        Refusal.NOT_FOUND,
        Refusal.COLLECTION_UNKNOWN,
        Refusal.PERIOD_UNKNOWN,
        Refusal.NOTHING_TO_EXPLAIN,
        Refusal.NOTHING_TO_UNDO,
    ),
    409: (
        Refusal.PERIOD_NOT_OPEN,
        Refusal.PERIOD_CLOSED,
        Refusal.SET_ASIDE,
        Refusal.UNREADABLE,
        Refusal.NEWER_WAITS,
        Refusal.FILE_UNREADABLE,
        Refusal.SAME_FILE,
        Refusal.ALREADY_NIL,
        Refusal.SIGNED_WAITS,
        Refusal.UNDER_REVIEW,
        Refusal.WRONG_STATE,
        NationalRefusal.VINTAGE_KNOWN,
        Refusal.HAS_ERRORS,
        Refusal.OPEN_WARNINGS,
        Refusal.NOT_EVALUABLE,
        Refusal.LAST_SIGNER,
        Refusal.OWN_ACCOUNT,
        Refusal.USERNAME_TAKEN,
        Refusal.EMAIL_TAKEN,
        Refusal.ALREADY_ACTIVE,
        Refusal.NOT_ACTIVE,
        Refusal.DEPUTY_SIGNS_ALREADY,
        Refusal.TITLE_KNOWN,
        Refusal.FIELD_TAKEN,
        Refusal.TITLE_CORRECTED,
        Refusal.SHEET_UNKNOWN,
        Refusal.SHEET_NEEDED,
        Refusal.SHEET_CORRECTED,
        Refusal.MUST_DIFFER,
        Refusal.CELL_CHANGED,
        Refusal.TOO_MANY_SHARES,
        Refusal.NOT_IN_FORCE,
        Refusal.NEWER_IN_FORCE,
        Refusal.CONTENT_CHANGED,
        Refusal.DROP_UNCONFIRMED,
        NationalRefusal.NOTHING_TO_RELEASE,
        NationalRefusal.FIGURES_CHANGED,
        NationalRefusal.HOUR_OUT_OF_ORDER,
        NationalRefusal.ALREADY_PUBLISHED,
        NationalRefusal.ALREADY_WITHDRAWN,
        Refusal.NOT_AS_SIGNED,
        NationalRefusal.LATER_RELEASE_WAITS,
    ),
    410: (Refusal.SHARE_GONE,),
    413: (Refusal.FILE_TOO_LARGE,),
    422: (Refusal.IDEMPOTENCY_MISMATCH,),
    503: (Refusal.STORAGE_DAMAGED,),
}

STATUS: dict[RefusalCode, int] = {code: status for status, codes in _BY_STATUS.items() for code in codes}


def status_of(refusal: RefusalError) -> int:
    """HTTP status of the answer to what was refused."""
    return STATUS[refusal.code]
