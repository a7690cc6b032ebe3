"""Storage of bytes: originals kept once and unchanged under their hash, typed frames as Parquet beside them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from functools import partial
from io import BytesIO
from tempfile import TemporaryFile
from typing import BinaryIO, NamedTuple

import polars as pl
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage

from submissions.files import stored_bytes
from submissions.files.edits_in_force import edits_of, sheets_of
from submissions.files.frame_cache import Name, recent_frames
from submissions.files.stored_bytes import CHUNK, DamagedError, alarm, sha256_of
from submissions.models import StoredFile, Submission
from submissions.workflow.refusals import Refusal, RefusalError
from validation import FORMS, Context, Edit, Form, conform, empty_frame, form_version, frame_in, with_edits

logger = logging.getLogger(__name__)

#: A larger table is not read whole for the sake of some of its rows or columns.
ROWS_AT_HAND = 200_000
#: Rows that Parquet keeps together: what is read at least.
ROWS_TOGETHER = 20_000
_PLACE = ["_sheet", "_row"]
#: Names the form's version in the metadata of a Parquet file.
_VERSION = "gongwang.form"


class KeptFrame(NamedTuple):
    """Where a frame is kept, and the SHA-256 of its bytes."""

    path: str
    sha256: str


NO_FRAME = KeptFrame("", "")


def keep(upload: BinaryIO | File[bytes]) -> StoredFile:
    """Store a seekable upload under the SHA-256 of its bytes, unless it is stored already and sound.

    Raises RefusalError "file-empty" or "file-too-large"; the size is judged before the content is read.
    """
    content: File[bytes] = upload if isinstance(upload, File) else File(upload)
    size = _size(content)
    stored = StoredFile(sha256=sha256_of(content.chunks(CHUNK)), size=size)
    content.seek(0)
    if not default_storage.exists(stored.path):
        default_storage.save(stored.path, content)
    elif fault := stored_bytes.fault_of(stored.path, stored.sha256):
        logger.warning("stored file %s %s, and is repaired by the same bytes", stored.path, fault)
        default_storage.delete(stored.path)
        default_storage.save(stored.path, content)
    # the name is the content, so two at once write the same row
    return StoredFile.objects.get_or_create(sha256=stored.sha256, defaults={"size": size})[0]


def open_original(stored: StoredFile) -> bytes:
    """Return the bytes as they were uploaded. Raise DamagedError."""
    try:
        return stored_bytes.read(stored.path, stored.sha256)
    except DamagedError as damaged:
        raise alarm(damaged)  # noqa: B904 the same error


def require_sound(submission: Submission) -> None:
    """Read once more what a submission is made of, from where it is stored. Raise DamagedError."""
    if submission.file is not None:
        open_original(submission.file)
    if submission.frame_path:
        _parquet(submission)


def keep_frame(name: str, frame: pl.DataFrame, form: Form) -> KeptFrame:
    """Store a typed frame, or stored cells, of `form` as Parquet under frames/, with the form's version in its metadata."""
    with TemporaryFile() as parquet:  # a million rows make a hundred megabytes
        _write(frame, parquet, form)
        content = File(parquet)
        sha256 = sha256_of(content.chunks(CHUNK))
        return KeptFrame(default_storage.save(f"frames/{name}.parquet", content), sha256)


def _write(frame: pl.DataFrame, parquet: BinaryIO, form: Form | None) -> None:
    metadata = None if form is None else {_VERSION: form_version(form)}
    frame.write_parquet(parquet, row_group_size=ROWS_TOGETHER, metadata=metadata)


def restore_frame(submission: Submission, frame: pl.DataFrame) -> bool:
    """Replace a damaged frame by `frame` if it is the very same; return whether it was.

    Frames that were stored before they carried a version have none.
    """
    return any(_restored(submission, frame, form) for form in (FORMS[submission.collection], None))


def _restored(submission: Submission, frame: pl.DataFrame, form: Form | None) -> bool:
    with TemporaryFile() as parquet:
        _write(frame, parquet, form)
        content = File(parquet)
        if sha256_of(content.chunks(CHUNK)) != submission.frame_sha256:
            return False
        default_storage.delete(submission.frame_path)
        default_storage.save(submission.frame_path, content)
    return True


def cells_of(submission: Submission) -> pl.DataFrame | None:
    """Return what the check kept of the file as read (`validation.corrections`); None when it held no table."""
    path = submission.frame_path
    name = ("cells", path, _version_now(submission))
    return recent_frames.get(name, partial(_read, submission)) if path else None


def rows_of(submission: Submission, rows: Collection[int]) -> pl.DataFrame | None:
    """Return `cells_of` at some spreadsheet rows, of whichever sheet."""
    if not submission.frame_path or _is_at_hand(submission):
        cells = cells_of(submission)
        return None if cells is None else cells.filter(pl.col("_row").is_in(rows))
    return _read(submission, rows=rows)


def kept_columns(submission: Submission, columns: Sequence[str]) -> pl.DataFrame:
    """Return some columns of `cells_of` a submission that holds a table; nothing else of a large one is read."""
    if _is_at_hand(submission):
        cells = cells_of(submission)
        assert cells is not None  # noqa: S101 it holds a table
        return cells.select(columns)
    return _read(submission, columns)


def corrected_rows_of(submission: Submission, rows: Collection[int]) -> pl.DataFrame | None:
    """Return `rows_of` with the corrections in force applied."""
    cells = rows_of(submission, rows)
    edits = [edit for edit in edits_of(submission) if edit.row in rows]
    return cells if cells is None or not edits else _corrected(submission, cells, edits)


def _read(
    submission: Submission, columns: Sequence[str] | None = None, rows: Collection[int] | None = None
) -> pl.DataFrame:
    """The stored frame in the form's present shape; some columns of it, or some spreadsheet rows.

    Raises FrameShapeError for a frame that has not the shape of the version it was stored under, and ConformError
    where the form has changed so that a stored value fits no more. Stored bytes are never rewritten.
    """
    data, form = _parquet(submission), FORMS[submission.collection]
    version = pl.read_parquet_metadata(BytesIO(data)).get(_VERSION, "")
    frame = pl.scan_parquet(data)
    if rows is not None:
        frame = frame.filter(pl.col("_row").is_in(rows))
    if columns is not None and version == form_version(form):
        conform(pl.DataFrame(schema=frame.collect_schema()), form, version)  # nothing else is read
        return frame.select(columns).collect()
    whole = conform(frame.collect(), form, version)
    return whole if columns is None else whole.select(columns)


def _version_now(submission: Submission) -> str:
    return form_version(FORMS[submission.collection])


def _parquet(submission: Submission) -> bytes:
    """Return the bytes of the frame as they were stored. Raise DamagedError, or RefusalError when a newer check has
    replaced the frame since the row was read."""
    try:
        return stored_bytes.read(submission.frame_path, submission.frame_sha256)
    except DamagedError as damaged:
        if not Submission.objects.filter(pk=submission.pk, frame_path=submission.frame_path).exists():
            raise RefusalError(Refusal.WRONG_STATE, state=submission.get_state_display()) from damaged
        raise alarm(damaged)  # noqa: B904 the same error


def corrected_cells(submission: Submission) -> pl.DataFrame | None:
    """Return `cells_of` with the corrections in force applied, from the cache where it is there."""
    cells, edits = cells_of(submission), edits_of(submission)
    if cells is None or not edits:
        return cells
    name = _corrected_name(submission, edits)
    return recent_frames.get(name, partial(_corrected_anew, submission, cells, edits, name))


def keep_corrected(submission: Submission, cells: pl.DataFrame) -> None:
    """Put `cells` into the cache as what `corrected_cells` returns: the corrections in force are in them."""
    recent_frames.keep(_corrected_name(submission, edits_of(submission)), cells)


def _corrected_name(submission: Submission, edits: Sequence[Edit]) -> Name:
    return "corrected", submission.frame_path, _version_now(submission), frozenset(edits)


def _corrected_anew(
    submission: Submission, cells: pl.DataFrame, edits: Sequence[Edit], name: Name
) -> pl.DataFrame:
    """Return corrected cells made from a former state in the cache, applying only what was corrected since."""
    former_state = recent_frames.former(name)
    if former_state is None:
        return _corrected(submission, cells, edits)
    (*_, version, former), standing = former_state
    if version != name[2]:
        return _corrected(submission, cells, edits)  # the form is another one since
    # the last part of the name that `_corrected_name` gives are corrections
    if not {edit[:3] for edit in former} <= {edit[:3] for edit in edits}:  # type: ignore[attr-defined]
        return _corrected(submission, cells, edits)  # a cell is again as it was read
    return _corrected(submission, standing, [edit for edit in edits if edit not in former])  # type: ignore[operator]


def _corrected(submission: Submission, cells: pl.DataFrame, edits: Sequence[Edit]) -> pl.DataFrame:
    context = Context(unit=submission.unit_id, period=submission.period.quarter)
    return with_edits(cells, sheets_of(submission), edits, FORMS[submission.collection], context)[0]


def frame_of(submission: Submission) -> pl.DataFrame:
    """Return the typed frame of a checked submission with corrections applied; no rows for a nil return."""
    form = FORMS[submission.collection]
    at_hand = _is_at_hand(submission)
    cells = corrected_cells(submission) if at_hand else cell_columns(submission, empty_frame(form).columns)
    return empty_frame(form) if cells is None else frame_in(cells, form)


def columns_of(submission: Submission, columns: Sequence[str]) -> pl.DataFrame:
    """Return some columns of `frame_of`; without corrections nothing else is read."""
    cells = cell_columns(submission, columns)
    return empty_frame(FORMS[submission.collection]).select(columns) if cells is None else cells


def cell_columns(submission: Submission, columns: Sequence[str]) -> pl.DataFrame | None:
    """Return some columns of `corrected_cells`; of the others only corrected rows are read."""
    if not submission.frame_path:
        return None
    edits, wanted = edits_of(submission), list(dict.fromkeys([*_PLACE, *columns]))
    cells = _read(submission, wanted)
    edited = rows_of(submission, {edit.row for edit in edits}) if edits else None
    if edited is not None:
        cells = _patched(cells, _corrected(submission, edited, edits).select(wanted))
    return cells.select(columns)


def _patched(cells: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return `cells` with `rows` in place of those of the same sheet and row."""
    rows = rows.with_columns(pl.lit(value=True).alias("_is_new"))
    beside = cells.join(rows, on=_PLACE, how="left", suffix="_new", maintain_order="left")
    others = [name for name in cells.columns if name not in _PLACE]
    new = [pl.when("_is_new").then(f"{name}_new").otherwise(name).alias(name) for name in others]
    return beside.select(*_PLACE, *new)


def _is_at_hand(submission: Submission) -> bool:
    return (submission.data_rows or 0) <= ROWS_AT_HAND


def drop_frame(path: str) -> None:
    """Remove a frame that a newer check has replaced."""
    if path:
        default_storage.delete(path)


def _size(content: File[bytes]) -> int:
    limit = settings.UPLOAD_LIMITS.file_bytes
    if content.size > limit:
        raise RefusalError(Refusal.FILE_TOO_LARGE, limit=limit // (1024 * 1024))
    if content.size == 0:
        raise RefusalError(Refusal.FILE_EMPTY)
    return content.size
