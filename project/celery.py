"""The Celery application: background checks, queued in Redis."""

from __future__ import annotations

import os
import resource

from celery import Celery, Task
from celery.signals import task_postrun, task_prerun, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

app = Celery("gongwang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["submissions", "national"])


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
