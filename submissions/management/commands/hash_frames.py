"""`manage.py hash_frames`: hash tables that were stored before tables had hashes, once."""

from __future__ import annotations

import io
from typing import Any

import polars as pl
from django.core.management.base import BaseCommand, CommandError

from submissions.files import stored_bytes
from submissions.files.stored_bytes import DamagedError, sha256_of
from submissions.models import Submission


class Command(BaseCommand):
    help = "Hash the stored tables that have no hash yet; run it once after the upgrade. 为早先保存的数据表补记校验值。"

    def handle(self, *args: Any, **options: Any) -> None:
        unhashed = Submission.objects.filter(frame_sha256="").exclude(frame_path="")
        hashed, faults = 0, []
        for submission in unhashed.only("frame_path", "frame_sha256").iterator(chunk_size=200):
            try:
                hashed += _hash(submission)
            except DamagedError as damaged:
                faults.append(f"submission {submission.pk}: {damaged}")
        self.stdout.write(f"已补记 {hashed} 个 tables were hashed")
        if faults:
            raise CommandError("\n".join([f"{len(faults)} tables cannot be read:", *faults]))


def _hash(submission: Submission) -> int:
    """Return the hash. Raise DamagedError for bytes that are no table: damage must not pass for sound later."""
    data = stored_bytes.read(submission.frame_path, "")
    try:
        pl.read_parquet(io.BytesIO(data))
    except pl.exceptions.PolarsError as error:
        raise DamagedError(submission.frame_path, f"is no table ({error})") from error
    same = Submission.objects.filter(pk=submission.pk, frame_path=submission.frame_path, frame_sha256="")
    return same.update(frame_sha256=sha256_of([data]))
