"""The processor time and memory that one check may take; stages and long loops ask whether they are used up."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from validation.limits import MB, Limits
from validation.reading.refusals import used_up

_STATM = Path("/proc/self/statm")


class Allowance:
    """Counted from its making, over the whole process: a worker checks one file at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._began = time.process_time()
        self._held = resident_bytes()

    def check(self) -> None:
        """Raises UsedUpError (file.E004) once more is used than the limits allow."""
        seconds, most = self._limits.seconds, self._limits.memory_bytes
        if time.process_time() - self._began > seconds:
            raise used_up(f"单次校验不得超过{seconds}秒", f"at most {seconds} seconds for one check")
        if resident_bytes() - self._held > most:
            raise used_up(
                f"单次校验占用内存不得超过{most // MB} MB", f"at most {most // MB} MB of memory for one check"
            )


def resident_bytes() -> int:
    """Memory that the process holds now; where the system does not tell, the most that it ever held."""
    if _STATM.exists():
        return int(_STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
