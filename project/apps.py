"""Django app configuration: the commands and texts that belong to no other app."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "project"
