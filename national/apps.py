"""Django app configuration: connects figures to what happens to registers."""

from django.apps import AppConfig


class NationalConfig(AppConfig):
    name = "national"

    def ready(self) -> None:
        from national.aggregation.preview import tell_figures
        from national.aggregation.recording import record_acceptance, record_exclusion, record_reinstatement
        from submissions.workflow.signals import (
            figures_asked,
            register_excluded,
            register_reinstated,
            submissions_accepted,
        )

        submissions_accepted.connect(record_acceptance, dispatch_uid="national.record_acceptance")
        register_excluded.connect(record_exclusion, dispatch_uid="national.record_exclusion")
        register_reinstated.connect(record_reinstatement, dispatch_uid="national.record_reinstatement")
        figures_asked.connect(tell_figures, dispatch_uid="national.tell_figures")
