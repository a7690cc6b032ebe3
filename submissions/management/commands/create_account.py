"""`manage.py create_account`: an account of any role, with a link by which its person sets the password."""

from __future__ import annotations

import argparse
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from submissions.accounts.creation import AccountError, open_account, password_path
from submissions.management.prepared import require_prepared
from submissions.models import Role, User


class Command(BaseCommand):
    """`create_account USERNAME --role ROLE [--unit 320000] [--email …] [--name …] [--prompt]`."""

    help = "Make an account. It prints a link, good once, by which its person sets the password. 建立账号。"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("username", help="for logging in, e.g. js_wang")
        parser.add_argument("--role", required=True, choices=Role.values, help="what the account may do")
        parser.add_argument(
            "--unit", default="", help="code of the reporting unit, for roles of a unit: 320000"
        )
        parser.add_argument(
            "--email", default="", help="for notices, and for the way back when a password is lost"
        )
        parser.add_argument("--name", default="", help="full name, as colleagues read it")
        parser.add_argument(
            "--prompt", action="store_true", help="ask for the password here, and print no link"
        )

    def handle(
        self,
        *args: Any,
        username: str,
        role: str,
        unit: str,
        email: str,
        name: str,
        prompt: bool,
        **options: Any,
    ) -> None:
        require_prepared()
        facts: dict[str, Any] = {
            "username": username,
            "role": Role(role),
            "unit": unit,
            "email": email,
            "display_name": name,
        }
        try:
            account = open_account(**facts, password=_password(username) if prompt else "")
        except AccountError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"账号已建立 The account is made: {account.username}, {role} {unit}".rstrip())
        if not prompt:
            self.stdout.write(_link(account))


def _password(username: str) -> str:
    password = getpass("密码 Password: ")
    if password != getpass("再输入一次 Once more: "):
        raise CommandError("The two passwords differ. Nothing was made.")
    try:
        validate_password(password, User(username=username))
    except ValidationError as weak:
        raise CommandError(" ".join(weak.messages)) from weak
    return password


def _link(account: User) -> str:
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 3600)
    site = settings.SITE_URL.rstrip("/") or "https://<address of this site>"
    return (
        f"设置密码的链接（{days}天内有效，只能使用一次） The password is set here, once and within {days} days:\n"
        f"{site}{password_path(account)}"
    )
