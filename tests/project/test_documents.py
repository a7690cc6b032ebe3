"""Documents say what is so: the paths, labels and variables that they name exist."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from project.settings import BASE_DIR

GUIDE = BASE_DIR / "docs" / "guide"
LANGUAGES = ("zh", "en")
PAGES = ("README*.md", "DEVELOPERS.md", "CONTRIBUTING.md", "SECURITY.md", "docs/*.md")
#: they tell of the day on which they were written
DATED = ("docs/decisions/*", "docs/performance.md")
ENDINGS = ("py", "csv", "md", "html", "json", "jsonc", "js", "css", "po", "toml", "lock", "svg", "yaml")

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
QUOTED = re.compile(r"“([^”]+)”")
VARIABLE = re.compile(r"""env(?:\.\w+)?\(\s*"([A-Z_]+)"|environ(?:\.get\(|\[)\s*"([A-Z_]+)\"""")
#: quoted in the guide as what people write, not as a label of a page
WRITTEN = {"台", "万元", "无", "0", "/", "属实", "无误", "none"}


def tracked() -> list[str]:
    """Return the paths of the repository, those not committed yet too."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if (BASE_DIR / line).exists()]


PATHS = tracked()
TOP = {path.partition("/")[0] for path in PATHS if "/" in path}


def documents() -> list[str]:
    return [
        path
        for path in PATHS
        if any(fnmatch(path, page) for page in PAGES) and not any(fnmatch(path, dated) for dated in DATED)
    ]


def named_paths(text: str) -> Iterator[str]:
    """Yield what the code spans of a document name as a path: by its ending, or by its first folder."""
    for span in CODE.findall(FENCE.sub("", text)):
        for word in re.split(r"[\s,;:=]+", span):
            ending = word.rpartition(".")[2]
            if re.fullmatch(r"[\w.*<>/-]+", word) and (
                (word != ending and ending in ENDINGS and not word.startswith("."))
                or ("/" in word and word.partition("/")[0] in TOP)
            ):
                yield re.sub(r"<\w+>", "*", word)


def exists(name: str) -> bool:
    """Whether a file or folder of the repository has this path, or ends with it."""
    pattern = name.rstrip("/")
    return any(
        fnmatch(path, form)
        for path in PATHS
        for form in (pattern, f"*/{pattern}", f"{pattern}/*", f"*/{pattern}/*")
    )


def read(path: str | Path) -> str:
    return (BASE_DIR / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("document", documents())
def test_paths_and_links_of_a_document_exist(document: str) -> None:
    text = read(document)
    missing = [name for name in named_paths(text) if not exists(name)]
    links = [link for link in LINK.findall(FENCE.sub("", text)) if "://" not in link]
    missing += [link for link in links if not (BASE_DIR / document).parent.joinpath(link).exists()]
    assert missing == []


def test_a_path_that_does_not_exist_is_seen() -> None:
    text = "See `validation/nowhere.py`, `portal/no_room/` and `made_up.csv`, but `validation/checking.py` exists."
    assert [name for name in named_paths(text) if not exists(name)] == [
        "validation/nowhere.py",
        "portal/no_room/",
        "made_up.csv",
    ]


def test_the_guide_has_the_same_pages_and_pictures_in_both_languages() -> None:
    zh, en = ({path.relative_to(GUIDE / code) for path in (GUIDE / code).rglob("*.*")} for code in LANGUAGES)
    assert zh == en
    assert len([path for path in zh if re.match(r"\d\d-", path.name)]) == 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_shows_every_picture_and_no_other(language: str) -> None:
    pictures = re.findall(
        r"!\[[^\]]+\]\(pictures/([^)]+)\)", "".join(read(page) for page in (GUIDE / language).glob("*.md"))
    )
    assert sorted(pictures) == sorted(path.name for path in (GUIDE / language / "pictures").iterdir())


def test_pictures_of_the_guide_are_small() -> None:
    assert sum(path.stat().st_size for path in GUIDE.glob("*/pictures/*")) < 3_000_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_that_the_guide_quotes_are_those_of_the_pages(language: str) -> None:
    texts = set(catalogue_texts(language)) | WRITTEN
    quoted = QUOTED.findall("".join(read(page) for page in sorted((GUIDE / language).glob("*.md"))))
    assert quoted
    assert [label for label in quoted if label not in texts] == []


def catalogue_texts(language: str) -> Iterator[str]:
    """Yield every text of the catalogues, in English or as it is translated."""
    for path in BASE_DIR.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_Hans"):
                text = message.id if language == "en" else message.string
                yield from text if isinstance(text, tuple | list) else [text]


def test_every_variable_of_the_environment_is_documented() -> None:
    sources = [path for path in PATHS if re.match(r"(project|portal|national|submissions|api)/.*\.py$", path)]
    variables = {first or second for path in sources for first, second in VARIABLE.findall(read(path))}
    assert len(variables) > 20
    documented = set(re.findall(r"`([A-Z_]+)`", read("docs/operations/settings.md")))
    assert variables - documented - {"DJANGO_SETTINGS_MODULE", "HOME"} == set()


def test_every_command_is_documented() -> None:
    commands = {
        Path(path).stem
        for path in PATHS
        if re.match(r"(?!tests/)\w+/management/commands/[a-z]\w*\.py$", path)
    }
    text = read("docs/operations/commands.md") + read("DEVELOPERS.md")
    assert [command for command in sorted(commands) if not re.search(rf"\b{command}\b", text)] == []
