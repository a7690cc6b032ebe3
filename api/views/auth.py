"""Tokens for staff: log in with name, password and second factor; log out of this token or of all."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from knox.models import get_token_model
from knox.settings import knox_settings
from knox.views import LogoutAllView as KnoxLogoutAll
from knox.views import LogoutView as KnoxLogout
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.problems import LOGIN_FAILED, SECOND_FACTOR_NEEDED, AnyProblemError
from api.reading import body_of
from api.serializers.auth import LoginSerializer, TokenSerializer
from api.throttles import LoginThrottle
from submissions.models import User


class LoginView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (LoginThrottle,)
    problems = {"POST": (401,)}

    @extend_schema(
        summary=_("Log in and get a token"),
        description=_(
            "Attempts are counted per address and per name. The answer never reveals whether a name exists."
        ),
        request=LoginSerializer,
        responses=TokenSerializer,
        tags=["auth"],
    )
    def post(self, request: Request) -> Response:
        user = _authenticated(request, body_of(request, LoginSerializer))
        _make_room(user)
        instance, token = get_token_model().objects.create(user=user)
        user_logged_in.send(sender=User, request=request._request, user=user)
        return Response(TokenSerializer({"token": token, "expiry": instance.expiry, "user": user}).data)


def _make_room(user: User) -> None:
    """Delete the oldest tokens of an account that has as many as it may, so that nobody is locked out."""
    tokens = get_token_model().objects.filter(user=user)
    newest = tokens.order_by("-created")[: knox_settings.TOKEN_LIMIT_PER_USER - 1]
    tokens.exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()


def _authenticated(request: Request, sent: dict[str, Any]) -> User:
    """Return the account for name, password and second factor, under the same limits as the web log-in."""
    credentials = {"username": sent["username"], "password": sent["password"]}
    try:
        user: User | None = get_adapter().authenticate(request._request, **credentials)
    except ValidationError as refused:
        raise Throttled from refused
    # allauth also hands over closed accounts, to tell them so on a page
    if user is None or not user.is_active:
        raise AnyProblemError(LOGIN_FAILED)
    if is_mfa_enabled(user):
        _check_second_factor(user, sent.get("code", ""))
    return user


def _check_second_factor(user: User, code: str) -> None:
    if not code:
        raise AnyProblemError(SECOND_FACTOR_NEEDED)
    if not AuthenticateForm({"code": code}, user=user).is_valid():
        raise AnyProblemError(LOGIN_FAILED)


class LogoutView(KnoxLogout):
    @extend_schema(summary=_("End this token"), request=None, responses={204: None}, tags=["auth"])
    def post(self, request: Request, format: str | None = None) -> Response:
        response: Response = super().post(request, format)
        return response


class LogoutAllView(KnoxLogoutAll):
    @extend_schema(
        summary=_("End all tokens of this account"), request=None, responses={204: None}, tags=["auth"]
    )
    def post(self, request: Request, format: str | None = None) -> Response:
        response: Response = super().post(request, format)
        return response
