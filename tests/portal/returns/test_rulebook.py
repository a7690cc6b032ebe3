"""The public rulebook: every column and every rule stands on it, in both languages, without an account."""

from __future__ import annotations

import pytest
from django.test import Client

from validation import FORMS
from validation.rulebook.listing import rule_rows
from validation.rulebook.table_schema import table_schema

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", FORMS)
def test_all_that_is_asked_and_checked_is_shown(client: Client, name: str, language: str) -> None:
    page = client.get(f"/rulebook/{name}/", headers={"Accept-Language": language}).content.decode()
    assert all(f'id="{column.key}"' in page for column in FORMS[name].columns)
    assert all(f'id="{rule["code"]}"' in page for rule in rule_rows(FORMS[name]))


def test_the_rulebook_opens_with_a_form_and_knows_no_other(client: Client) -> None:
    assert client.get("/rulebook/").status_code == 200
    assert client.get("/rulebook/somewhere/").status_code == 404


@pytest.mark.parametrize("name", FORMS)
def test_forms_are_given_as_table_schema(client: Client, name: str) -> None:
    answer = client.get(f"/api/v1/collections/{name}/table-schema.json")
    assert answer.json() == table_schema(FORMS[name])
    assert [field["name"] for field in answer.json()["fields"]] == list(FORMS[name].by_key)
    required = {field["name"] for field in answer.json()["fields"] if field["constraints"]["required"]}
    assert FORMS[name].key.key in required
