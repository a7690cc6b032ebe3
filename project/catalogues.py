"""Message catalogues: extract texts, bring each app's Chinese up to date, compile, and tell what is missing.

Babel does what the system's gettext programs do elsewhere, so that none has to be installed. Texts are English in
code and templates; the Chinese stands in `<app>/locale/zh_Hans/LC_MESSAGES/django.po`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extract_messages
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

LOCALE = "zh_Hans"
APPS = ("project", "submissions", "national", "portal", "api", "demo")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def po_path(app: Path) -> Path:
    """Where the Chinese catalogue of the app in folder `app` lies."""
    return app / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def extract(app: Path) -> Catalog:
    """Every marked text of the app's Python files and templates, without translations."""
    template = Catalog(locale=LOCALE, project="Gongwang", charset="utf-8", fuzzy=False)
    for path in sorted((*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt"))):
        for ids, comments, context in _texts(path):
            place = (path.relative_to(app.parent).as_posix(), 0)
            template.add(ids, locations=[place], auto_comments=comments, context=context)
    return template


def read(path: Path) -> Catalog:
    """The catalogue in `path`, empty when there is none yet."""
    if not path.exists():
        return Catalog(locale=LOCALE, project="Gongwang", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def update(app: Path) -> None:
    """Add new texts, keep translations, drop what is no longer used."""
    template, path = extract(app), po_path(app)
    if not len(template) and not path.exists():
        return
    catalogue = read(path)
    # Guessing from similar texts would put wrong Chinese into pages; a new text stays untranslated.
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, catalogue, width=100, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    path.write_bytes(out.getvalue())


def compile_mo(app: Path) -> None:
    """Write the binary catalogue that Django reads."""
    path = po_path(app)
    if path.exists():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path))


def faults(app: Path) -> Iterator[str]:
    """Return what keeps the app's Chinese from being complete, one sentence per fault."""
    catalogue = read(po_path(app))
    for message in extract(app):
        if message.id:
            yield from _message_faults(message, catalogue.get(message.id, message.context), app.name)


def conflicts(apps: Iterable[Path]) -> Iterator[str]:
    """Texts that two apps translate differently: Django reads all catalogues as one, so that one of them would be
    read in both. What means two things gets a context."""
    known: dict[tuple[str | None, str], tuple[str, object]] = {}
    for app in apps:
        for message in read(po_path(app)):
            if not message.id:
                continue
            text = message.id if isinstance(message.id, str) else message.id[0]
            first, chinese = known.setdefault((message.context, text), (app.name, message.string))
            if chinese != message.string:
                yield f"{text!r} is {chinese!r} in {first} and {message.string!r} in {app.name}; give one a context."


def _message_faults(message: Message, translation: Message | None, app: str) -> Iterator[str]:
    text = message.id if isinstance(message.id, str) else message.id[0]
    place = message.locations[0][0]
    if translation is None:
        yield f"{app}: {text!r} ({place}) is not in the catalogue; run manage.py messages."
    elif translation.fuzzy:
        yield f"{app}: {text!r} ({place}) is marked fuzzy."
    elif not all(
        translation.string if isinstance(translation.string, tuple | list) else (translation.string,)
    ):
        yield f"{app}: {text!r} ({place}) has no Chinese."
    else:
        for error in translation.check():
            yield f"{app}: {text!r} ({place}): {error}"


def _texts(path: Path) -> Iterator[tuple[str | tuple[str, ...], list[str], str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # templatize leaves calls of gettext between blanked-out text; indented, that would not be Python.
        lines = templatize(source, origin=str(path)).splitlines()
        source = "\n".join(line.strip() for line in lines)
    texts = extract_messages("python", io.BytesIO(source.encode()), KEYWORDS, ["Translators"])
    for _line, ids, comments, context in texts:
        yield ids, comments, context
