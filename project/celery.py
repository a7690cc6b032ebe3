"""The Celery application: background checks, queued in Redis."""

from __future__ import annotations

import logging
import os
import resource
import signal
from typing import Any

from billiard.einfo import ExceptionInfo
from celery import Celery
from celery import Task as CeleryTask
from celery.signals import task_postrun, task_prerun, worker_process_init
from celery.worker.request import Request as CeleryRequest

logger = logging.getLogger(__name__)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")


class OutOfMemory(SystemExit):  # noqa: N818 it is an exit: billiard tells of it and ends the child
    """A task asked for more memory than its child may have."""


class OutOfMemoryError(Exception):
    """The task ran out of memory; reported to the worker's parent, where a MemoryError would stop the pool."""


class Request(CeleryRequest):
    """A task as the worker's parent follows it. One that ran out of memory has failed like any other: its message
    is done with, since delivered again it would take its next child along. What is not done yet stands in the
    database with its attempts, and the sweep queues it again."""

    def on_failure(
        self, exc_info: ExceptionInfo, send_failed_event: bool = True, return_ok: bool = False
    ) -> None:
        exception = getattr(exc_info.exception, "exc", exc_info.exception)
        if isinstance(exception, (OutOfMemory, MemoryError)):
            exc_info = _out_of_memory(exception)
        super().on_failure(exc_info, send_failed_event, return_ok)


class Task(CeleryTask[..., Any]):
    """Every task of the project."""

    Request = "project.celery:Request"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it. A child that has run out of memory is not fit for another task, so it ends."""
        try:
            return super().__call__(*args, **kwargs)
        except MemoryError as error:
            logger.exception("%s ran out of memory; its process ends", self.name)
            raise OutOfMemory(1) from error


def _out_of_memory(exception: BaseException) -> ExceptionInfo:
    try:
        raise OutOfMemoryError(str(exception)) from None
    except OutOfMemoryError:
        return ExceptionInfo()


app = Celery("gongwang", task_cls=Task)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["submissions", "national"])


@worker_process_init.connect
def _die_with_parent(**_kwargs: object) -> None:
    """A worker that was killed takes its children along: what they are at would be done twice."""
    from project.devstack import die_with_parent

    die_with_parent.die_with_parent(signal.SIGKILL)


@worker_process_init.connect
def _bound_memory(**_kwargs: object) -> None:
    """A child that asks for twice the memory of a check gets none and dies, before the machine runs out of it.

    The engine counts what it uses and refuses the file by name; this stops what is taken between two counts. The
    check is then taken up again until its attempts are used up.
    """
    from django.conf import settings

    most = 2 * settings.UPLOAD_LIMITS.memory_bytes
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))


@task_prerun.connect
def _carry_task_id(task_id: str, task: Task, **_kwargs: object) -> None:
    """The log lines of a task carry its id, as those of a request carry the request's."""
    from project.middleware import request_id

    request_id.set(task_id)


@task_postrun.connect
def _drop_task_id(**_kwargs: object) -> None:
    from project.middleware import request_id

    request_id.set("-")
