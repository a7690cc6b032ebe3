"""Django app configuration: registers what acceptances do to figures."""

from django.apps import AppConfig


class NationalConfig(AppConfig):
    name = "national"

    def ready(self) -> None:
        from national.aggregation.preview import preview_figures
        from national.aggregation.recording import record_acceptance, record_exclusion, record_reinstatement
        from submissions.workflow import figure_effects

        figure_effects.register(
            figure_effects.FigureEffects(
                on_acceptance=record_acceptance,
                on_exclusion=record_exclusion,
                on_reinstatement=record_reinstatement,
                preview=preview_figures,
            )
        )
