"""The Celery application: background checks, queued in Redis."""

from __future__ import annotations

import os

from celery import Celery, Task
from celery.signals import task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")

app = Celery("gongwang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["submissions"])


@task_prerun.connect
def _carry_task_id(task_id: str, task: Task, **_kwargs: object) -> None:
    """The log lines of a task carry its id, as those of a request carry the request's."""
    from project.middleware import request_id

    request_id.set(task_id)


@task_postrun.connect
def _drop_task_id(**_kwargs: object) -> None:
    from project.middleware import request_id

    request_id.set("-")
