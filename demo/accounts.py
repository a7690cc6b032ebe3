"""Demo accounts: a preparer and a signer for every unit, and the ministry's three; all with one known password."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from demo.enterprises import unit_letters
from submissions.models import Role, User
from validation.codelists import reporting_units

#: Published on purpose; `manage.py demo` refuses to make such accounts outside demo mode.
PASSWORD = "gongwang-demo-2026"  # noqa: S105


class Account(NamedTuple):
    """One demo log-in."""

    username: str
    role: Role
    unit: str | None
    display_name: str


NATIONAL = (
    Account("reviewer", Role.REVIEWER, None, "演示审核员"),
    Account("admin", Role.NATIONAL_ADMIN, None, "演示国家管理员"),
    Account("auditor", Role.AUDITOR, None, "演示审计员"),
)


def username(unit: str, role: Role) -> str:
    """Log-in name of a unit's demo preparer or signer, e.g. js_preparer."""
    return f"{unit_letters(unit).lower()}_{role.removeprefix('unit_')}"


def accounts() -> tuple[Account, ...]:
    """All demo accounts: the ministry's, then each unit's."""
    names = {Role.UNIT_PREPARER: "填报员", Role.UNIT_SIGNER: "签发人"}
    units = tuple(
        Account(username(unit.code, role), role, unit.code, f"{unit.short_zh}{names[role]}")
        for unit in reporting_units().values()
        for role in names
    )
    return NATIONAL + units


def make_accounts() -> int:
    """Make the demo accounts that are missing and return how many; the units must be loaded.

    An account that is there already stays as it is, its password too.
    """
    there = set(User.objects.values_list("username", flat=True))
    missing = [account for account in accounts() if account.username not in there]
    # Hashing is slow by design: one hash serves all, since the password is one and known.
    hashed = make_password(PASSWORD) if missing else ""
    for account in missing:
        User.objects.create(
            username=account.username,
            password=hashed,
            role=account.role,
            unit_id=account.unit,
            display_name=account.display_name,
        )
    return len(missing)


def greeting() -> list[str]:
    """Return the lines that say how to log in."""
    return [
        f"演示账号密码 Password of every demo account: {PASSWORD}",
        "  js_preparer, js_signer  江苏省填报员与签发人 preparer and signer of Jiangsu (zj_, gd_, bj_ … likewise)",
        "  reviewer, admin, auditor  国家审核员、管理员、审计员 the ministry's reviewer, administrator and auditor",
    ]
