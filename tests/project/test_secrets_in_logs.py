"""The logs of a running stack after a walk past everything that makes a token: none of them stands in any log."""

from __future__ import annotations

import re
import time
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from demo.accounts import PASSWORD
from tests.stack import Stack

NEW_PASSWORD = "a new and long password"
FORM_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
INVITATION = re.compile(r"/accounts/password/reset/key/[^\"/]+/")
SHARED = re.compile(r"/shared/[^\"/]+/")


class Visitor:
    """A browser without pictures and scripts: cookies, pages, forms."""

    def __init__(self, stack: Stack) -> None:
        self._url = stack.url
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))
        self.address = ""

    def open(self, path: str, form: dict[str, str] | None = None) -> str:
        """The page at `path`, or what it answers to `form`; of a refusal its page too."""
        data = urlencode(form).encode() if form else None
        try:
            answer = self._opener.open(self._url + path, data, timeout=60)
        except HTTPError as refused:
            answer = refused
        with answer:
            self.address = answer.url.removeprefix(self._url)
            return answer.read().decode(errors="replace")

    def fill(self, path: str, **fields: str) -> str:
        """Open a page with a form and send it."""
        token = FORM_TOKEN.search(self.open(path))
        assert token, self.address
        return self.open(self.address, {"csrfmiddlewaretoken": token[1], **fields})

    def log_in(self, username: str, password: str) -> str:
        return self.fill("/accounts/login/", login=username, password=password)


def _with_findings(stack: Stack) -> tuple[str, str]:
    """A unit's letters, and a submission of it whose findings can be passed on."""
    for letters in ("js", "zj", "nb", "ha"):
        for sent in stack.get("/api/v1/submissions/", as_user=f"{letters}_signer")["results"]:
            if "share" in sent["allowed_actions"] and any(sent["counts"].values()):
                return letters, sent["id"]
    raise AssertionError("the demo has no finding to pass on")


def _invite(signer: Visitor, username: str) -> str:
    """The path by which the invited person sets a password."""
    fields = {"display_name": "新同事", "username": username, "email": f"{username}@example.cn"}
    link = INVITATION.search(signer.fill("/portal/team/invite/", **fields, role="unit_preparer"))
    assert link
    return link[0]


def _use_and_revoke(outsider: Visitor, signer: Visitor, shares: str) -> str:
    """Make a link, open it rightly and wrongly, revoke it; return its path."""
    page = signer.fill(shares, city="", enterprise="", note="", days="1")
    link, token = SHARED.search(page), FORM_TOKEN.search(page)
    assert link
    assert token
    for path in (link[0], f"{link[0]}findings.xlsx", f"{link[0][:-1]}x/", f"{link[0]}nothing/"):
        outsider.open(path)
    for revoke in re.findall(r"/portal/submissions/[^\"]+/shares/\d+/revoke/", page):
        signer.open(revoke, {"csrfmiddlewaretoken": token[1]})
    assert link[0] not in signer.open(shares)
    outsider.open(link[0])
    return link[0]


def test_no_log_of_a_walk_holds_a_token_that_was_made_in_it(stack: Stack) -> None:
    letters, submission_id = _with_findings(stack)
    signer, invited, outsider = (Visitor(stack) for _ in range(3))
    signer.log_in(f"{letters}_signer", PASSWORD)
    username = f"{letters}_newcomer"
    invitation = _invite(signer, username)
    invited.fill(invitation, password1=NEW_PASSWORD, password2=NEW_PASSWORD)
    invited.log_in(username, NEW_PASSWORD)
    assert "新同事" in invited.open("/portal/")
    invited.open(invitation)
    shared = _use_and_revoke(outsider, signer, f"/portal/submissions/{submission_id}/shares/")
    token = stack.post("/api/v1/auth/login/", {"username": username, "password": NEW_PASSWORD})["token"]
    sessions = [
        cookie.value
        for client in (signer, invited)
        for cookie in client.cookies
        if cookie.name == "sessionid"
    ]
    assert len(sessions) == 2

    time.sleep(1)
    logs = [stack.log, *(path for path in (stack.data_dir / "log").rglob("*") if path.is_file())]
    text = "\n".join(log.read_text(errors="replace") for log in logs)
    assert "/shared/***/findings.xlsx" in text
    assert "/accounts/password/reset/key/***/" in text
    secrets = [invitation.split("/")[-2], shared.split("/")[-2], token, NEW_PASSWORD, *sessions]
    assert [secret for secret in secrets if secret in text] == []
