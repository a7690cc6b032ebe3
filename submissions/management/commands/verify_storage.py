"""`manage.py verify_storage`: compare every stored original and table with its hash, and repair from files at hand."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.core.files.base import File
from django.core.management.base import BaseCommand

from submissions.checks import repairs
from submissions.files import storage, stored_bytes
from submissions.models import State, StoredFile, Submission


class Fault(NamedTuple):
    """A stored file that is not as it was stored, and the returns that depend on it."""

    path: str
    fault: str
    returns: list[str]


class Command(BaseCommand):
    """`verify_storage [--repair FILE …]`. Exit code 0 when all is sound, else 1."""

    help = "Compare all stored originals and tables with their hashes. 核对已保存的原件和数据表。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--repair",
            nargs="+",
            type=Path,
            default=[],
            metavar="FILE",
            help="originals at hand, of a backup or of their units: those that are damaged are put right first",
        )

    def handle(self, *args: Any, repair: list[Path], **options: Any) -> None:
        for file in repair:
            self.stdout.write(f"{file}: {_repaired(file)}")
        faults = [*_originals(), *_tables()]
        for fault in faults:
            self.stdout.write(f"{fault.path} {fault.fault}: {', '.join(fault.returns) or 'no return'}")
        self.stdout.write(
            f"{StoredFile.objects.count()} originals 原件, {_kept().count()} tables 数据表: "
            + (f"{len(faults)} 个异常 not sound" if faults else "全部完好 all sound")
        )
        sys.exit(1 if faults else 0)


def _repaired(file: Path) -> str:
    """Return what became of a file at hand: only bytes with a known hash are ever stored."""
    with file.open("rb") as content:
        known = StoredFile.objects.filter(
            sha256=stored_bytes.sha256_of(iter(lambda: content.read(stored_bytes.CHUNK), b""))
        ).first()
        if known is None:
            return "is the original of no return"
        content.seek(0)
        storage.keep(File(content))
    units = Submission.objects.filter(file=known).order_by().values_list("unit", flat=True).distinct()
    for unit in units:
        for version in repairs.repair(stored=known, unit=unit, by=None):
            if version.state != State.RECEIVED:  # else it is checked again
                repairs.rebuild_frame(submission_id=version.pk)
    return "is stored and sound"


def _originals() -> Iterator[Fault]:
    for stored in StoredFile.objects.order_by("stored_at").iterator(chunk_size=200):
        if fault := stored_bytes.fault_of(stored.path, stored.sha256):
            resting = Submission.objects.filter(file=stored).order_by("received_at")
            yield Fault(stored.path, fault, [_named(submission) for submission in resting])


def _tables() -> Iterator[Fault]:
    for submission in _kept().order_by("received_at").iterator(chunk_size=200):
        fault = repairs.fault_of_frame(submission) or (
            "" if submission.frame_sha256 else _unhashed(submission)
        )
        if fault:
            yield Fault(submission.frame_path, fault, [_named(submission)])


def _kept() -> Any:
    return Submission.objects.exclude(frame_path="")


def _unhashed(submission: Submission) -> str:
    gone = stored_bytes.fault_of(submission.frame_path, "")
    return gone if gone == "is missing" else "has no hash yet: run manage.py hash_frames"


def _named(submission: Submission) -> str:
    return f"{submission} ({submission.get_state_display()}, {submission.pk})"
