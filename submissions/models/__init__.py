"""One noun per module; import them from here."""

from submissions.models.collection import Collection
from submissions.models.correction import Correction
from submissions.models.delegation import Delegation
from submissions.models.download import Download, DownloadKind
from submissions.models.event import Act, Event
from submissions.models.finding import Explanation, ExplanationReason, Finding
from submissions.models.idempotency import IdempotencyKey
from submissions.models.notice import Notice, NoticeKind
from submissions.models.period import Period
from submissions.models.reason_answer import ReasonAnswer
from submissions.models.register import Record, Register
from submissions.models.return_draft import ReturnDraft
from submissions.models.return_reason import ReturnReason
from submissions.models.share import Share, ShareOpening
from submissions.models.signature import Signature
from submissions.models.stored_file import StoredFile
from submissions.models.submission import State, Submission
from submissions.models.team_event import TeamAct, TeamEvent
from submissions.models.uncarried_correction import UncarriedCorrection, UncarriedReason
from submissions.models.unit import Unit
from submissions.models.unit_title import UnitTitle
from submissions.models.user import NATIONAL_ROLES, UNIT_ROLES, Role, User

__all__ = [
    "Act",
    "NATIONAL_ROLES",
    "UNIT_ROLES",
    "Collection",
    "Correction",
    "Delegation",
    "Download",
    "DownloadKind",
    "Event",
    "Explanation",
    "ExplanationReason",
    "Finding",
    "IdempotencyKey",
    "Notice",
    "NoticeKind",
    "Period",
    "ReasonAnswer",
    "Record",
    "Register",
    "ReturnDraft",
    "ReturnReason",
    "Role",
    "Signature",
    "Share",
    "ShareOpening",
    "State",
    "StoredFile",
    "Submission",
    "TeamAct",
    "TeamEvent",
    "UncarriedCorrection",
    "UncarriedReason",
    "Unit",
    "UnitTitle",
    "User",
]
