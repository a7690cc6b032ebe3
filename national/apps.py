"""Django app configuration."""

from django.apps import AppConfig


class NationalConfig(AppConfig):
    name = "national"
