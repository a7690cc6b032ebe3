"""Records: the rows of an accepted submission, written with COPY from its typed frame."""

from __future__ import annotations

import polars as pl

from submissions.files.pg_copy import SLICE_ROWS, copy_frame
from submissions.models import Record, Submission
from validation import FORMS


def store(submission: Submission, frame: pl.DataFrame) -> None:
    """Write one record per row of `frame`. Needs a transaction; keys are unique in an accepted form."""
    for part in frame.iter_slices(SLICE_ROWS):  # as JSON the whole register would take gigabytes
        copy_frame(Record, _rows(submission, part))


def _rows(submission: Submission, frame: pl.DataFrame) -> pl.DataFrame:
    form = FORMS[submission.collection]
    return frame.select(
        pl.lit(str(submission.pk)).alias("submission_id"),
        pl.col(form.key.key).alias("key"),
        pl.col("_sheet").alias("sheet"),
        pl.col("_row").alias("row"),
        pl.struct([column.key for column in form.columns]).struct.json_encode().alias("data"),
    )
