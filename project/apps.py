"""Django app configuration: the commands and texts that belong to no other app."""

from importlib import import_module

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "project"

    def ready(self) -> None:
        # Whoever queues work needs the application that knows the broker; without it Celery falls back to its own.
        import_module("project.celery")
