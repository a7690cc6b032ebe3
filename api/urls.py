"""Addresses of the API; /api/ itself is a page for people."""

from __future__ import annotations

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from api.views import (
    auth,
    cells,
    collections,
    decisions,
    dry_run,
    figures,
    findings,
    lineage,
    pages,
    releases,
    submissions,
    targets,
)

app_name = "api"

ONE = "v1/submissions/<uuid:submission_id>/"

urlpatterns = [
    # what is asked most comes first: addresses are tried one after the other
    path("v1/indicators/", figures.IndicatorsView.as_view(), name="indicators"),
    path("v1/figures/", figures.FiguresView.as_view(), name="figures"),
    path("v1/figures/<int:figure_id>/lineage/", lineage.LineageView.as_view(), name="lineage"),
    path("v1/releases/", releases.ReleasesView.as_view(), name="releases"),
    path("v1/releases/<int:number>/", releases.ReleaseView.as_view(), name="release"),
    path("v1/targets/", targets.TargetsView.as_view(), name="targets"),
    path("v1/targets/<str:code>/", targets.TargetView.as_view(), name="target"),
    path("v1/coverage/", targets.CoverageView.as_view(), name="coverage"),
    path("", pages.StartView.as_view(), name="start"),
    path("docs/", pages.SwaggerView.as_view(), name="docs"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("v1/auth/login/", auth.LoginView.as_view(), name="login"),
    path("v1/auth/logout/", auth.LogoutView.as_view(), name="logout"),
    path("v1/auth/logoutall/", auth.LogoutAllView.as_view(), name="logout-all"),
    path("v1/submissions/", submissions.SubmissionsView.as_view(), name="submissions"),
    path(ONE, submissions.SubmissionView.as_view(), name="submission"),
    path(f"{ONE}findings/", findings.FindingsView.as_view(), name="findings"),
    path(f"{ONE}findings/groups/", findings.GroupsView.as_view(), name="groups"),
    path(f"{ONE}groups/", findings.GroupsView.as_view(), name="groups-short"),
    path(f"{ONE}cells/", cells.CellsView.as_view(), name="cells"),
    path(f"{ONE}cells/uncarried/", cells.UncarriedView.as_view(), name="uncarried"),
    path(f"{ONE}workbook/", cells.WorkbookView.as_view(), name="workbook"),
    path(f"{ONE}explanations/", decisions.ExplanationsView.as_view(), name="explanations"),
    path(f"{ONE}sign/", decisions.SignView.as_view(), name="sign"),
    path(f"{ONE}withdraw/", decisions.WithdrawView.as_view(), name="withdraw"),
    path(f"{ONE}retry/", decisions.RetryView.as_view(), name="retry"),
    path(f"{ONE}review/", decisions.ReviewView.as_view(), name="review"),
    path(f"{ONE}accept/", decisions.AcceptView.as_view(), name="accept"),
    path(f"{ONE}exclude/", decisions.ExcludeView.as_view(), name="exclude"),
    path(f"{ONE}reinstate/", decisions.ReinstateView.as_view(), name="reinstate"),
    path(f"{ONE}return/", decisions.ReturnView.as_view(), name="return"),
    path("v1/validate/", dry_run.DryRunView.as_view(), name="validate"),
    path("v1/collections/", collections.CollectionsView.as_view(), name="collections"),
    path("v1/collections/<str:name>/", collections.CollectionView.as_view(), name="collection"),
    path(
        "v1/collections/<str:name>/table-schema.json",
        collections.TableSchemaView.as_view(),
        name="table-schema",
    ),
    path("v1/collections/<str:name>/template.xlsx", collections.TemplateView.as_view(), name="template"),
    re_path(r"^v1/", pages.NothingHereView.as_view(), name="nothing-here"),
]
