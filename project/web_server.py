"""Gunicorn's logging and lifetime: no secrets in its logs, and no worker outlives its master."""

from __future__ import annotations

import signal
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from gunicorn.glogging import Logger as GunicornLogger

from project.devstack import die_with_parent
from project.log_masking import MaskingFormatter

if TYPE_CHECKING:
    from gunicorn.glogging import _AtomsDict

#: what may stand in a path; all else, such as a line break, is written as in an address
_PLAIN = "/:@-._~!$&'()*+,;="


class Logger(GunicornLogger):
    """gunicorn's own, with addresses masked in both of its logs."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                former = handler.formatter
                if former is not None:
                    handler.setFormatter(MaskingFormatter(former._fmt, former.datefmt))

    def atoms(self, resp: Any, req: Any, environ: MutableMapping[str, Any], request_time: Any) -> _AtomsDict:
        atoms = super().atoms(resp, req, environ, request_time)
        atoms["U"] = quote(atoms["U"] or "", safe=_PLAIN, encoding="latin-1")
        return atoms


def post_fork(server: object, worker: object) -> None:
    """In a new worker: a master that was killed takes it along, for it holds the port."""
    die_with_parent.die_with_parent(signal.SIGKILL)
