"""Django app configuration: figures learn of acceptances."""

from django.apps import AppConfig


class NationalConfig(AppConfig):
    name = "national"

    def ready(self) -> None:
        from national.recording import record_acceptance
        from submissions.signals import submission_accepted

        submission_accepted.connect(record_acceptance, dispatch_uid="national.record_acceptance")
