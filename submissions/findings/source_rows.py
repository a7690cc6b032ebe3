"""The unit's own rows as it wrote them, with corrections applied and the findings in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from submissions.files import storage
from submissions.files.edits_in_force import corrections_in_force
from submissions.models import Correction, Finding, Submission, User

_TEXT = "_text_"

Place = tuple[str, int]


@dataclass(frozen=True)
class OwnRow:
    """One row of the file. `cells` are its texts by field key as they stand now, None where the row is no data row;
    `corrected` holds the newest correction of each cell that differs from the file, by field key."""

    sheet: str
    row: int
    cells: dict[str, str | None] | None
    corrected: dict[str, Correction] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def own_rows(submission: Submission, user: User, places: Sequence[Place]) -> list[OwnRow]:
    """Return the rows at `places` (sheet, row), in that order, with the findings that `user` may read."""
    texts = _texts(submission, places)
    corrected = _corrected(submission, places)
    findings = _findings(submission, user, places)
    return [
        OwnRow(*place, _laid_over(texts.get(place), corrected[place]), corrected[place], findings[place])
        for place in places
    ]


def _laid_over(
    texts: dict[str, str | None] | None, corrected: dict[str, Correction]
) -> dict[str, str | None] | None:
    if texts is None:
        return None
    return texts | {key: correction.new for key, correction in corrected.items()}


def _texts(submission: Submission, places: Sequence[Place]) -> dict[Place, dict[str, str | None]]:
    cells = storage.rows_of(submission, {row for _, row in places})
    if cells is None:
        return {}
    keys = [name for name in cells.columns if name.startswith(_TEXT)]
    return {
        (sheet, row): dict(zip((key.removeprefix(_TEXT) for key in keys), texts, strict=True))
        for sheet, row, *texts in cells.select("_sheet", "_row", *keys).iter_rows()
    }


def _corrected(submission: Submission, places: Sequence[Place]) -> dict[Place, dict[str, Correction]]:
    corrected: dict[Place, dict[str, Correction]] = defaultdict(dict)
    for key, correction in corrections_in_force(submission, rows=[row for _, row in places]):
        corrected[correction.sheet, correction.row][key] = correction
    return corrected


def _findings(submission: Submission, user: User, places: Sequence[Place]) -> dict[Place, list[Finding]]:
    stored = Finding.objects.visible_to(user).filter(
        submission=submission, row__in=[row for _, row in places]
    )
    findings: dict[Place, list[Finding]] = defaultdict(list)
    for finding in stored.select_related("explanation").order_by("ordinal", "id"):
        findings[finding.sheet or "", finding.row or 0].append(finding)
    return findings
