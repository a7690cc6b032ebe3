"""Message catalogues: extracting texts, keeping and dropping translations, and finding gaps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import gettext, ngettext, npgettext, override, pgettext

from project import catalogues

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy

def words(n: int) -> list[str]:
    return [_("Sign"), ngettext("%(n)s row", "%(n)s rows", n), pgettext_lazy("verb", "Return")]
"""
PAGE = """{% load i18n %}
  <h1 title="{% translate "It's open" %}">{{ _("Upload") }}</h1>
    {% blocktranslate trimmed count n=rows %}
      {{ n }} row "quoted"
    {% plural %}
      {{ n }} rows "quoted"
    {% endblocktranslate %}
"""
IDS = {
    "Sign",
    ("%(n)s row", "%(n)s rows"),
    "Return",
    "It's open",
    "Upload",
    ('%(n)s row "quoted"', '%(n)s rows "quoted"'),
}


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app folder with one module and one template."""
    folder = tmp_path / "shop"
    (folder / "templates").mkdir(parents=True)
    (folder / "views.py").write_text(CODE)
    (folder / "templates" / "page.html").write_text(PAGE)
    return folder


def _translate(app: Path, old: str, new: str) -> None:
    path = catalogues.po_path(app)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_texts_of_code_and_templates_are_extracted(app: Path) -> None:
    assert {message.id for message in catalogues.extract(app) if message.id} == IDS


def test_a_new_catalogue_lacks_all_its_chinese(app: Path) -> None:
    assert len(list(catalogues.faults(app))) == len(IDS)
    catalogues.update(app)
    assert sorted(fault.rpartition(")")[2] for fault in catalogues.faults(app)) == [" has no Chinese."] * len(
        IDS
    )


def test_a_translation_is_kept_and_an_unused_one_dropped(app: Path) -> None:
    catalogues.update(app)
    _translate(app, 'msgid "Sign"\nmsgstr ""', 'msgid "Sign"\nmsgstr "签名"')
    (app / "templates" / "page.html").unlink()
    catalogues.update(app)
    text = catalogues.po_path(app).read_text()
    assert "签名" in text
    assert "Upload" not in text


@pytest.mark.parametrize(
    ("msgstr", "fault"),
    [
        ('msgstr[0] "%(m)s 行"', "'%(n)s row'"),
        ('msgstr[0] ""', "has no Chinese"),
    ],
)
def test_a_wrong_placeholder_or_an_empty_plural_is_told(app: Path, msgstr: str, fault: str) -> None:
    catalogues.update(app)
    before = 'msgid_plural "%(n)s rows"\nmsgstr[0] ""'
    _translate(app, before, f'msgid_plural "%(n)s rows"\n{msgstr}')
    assert any("'%(n)s row'" in text and fault in text for text in catalogues.faults(app))


def test_a_fuzzy_entry_is_told(app: Path) -> None:
    catalogues.update(app)
    _translate(app, 'msgid "Sign"\nmsgstr ""', '#, fuzzy\nmsgid "Sign"\nmsgstr "签名"')
    assert any("'Sign'" in literals and "fuzzy" in literals for literals in catalogues.faults(app))


def test_compiled_catalogues_are_what_django_reads(app: Path) -> None:
    catalogues.update(app)
    _translate(app, 'msgid "Sign"\nmsgstr ""', 'msgid "Sign"\nmsgstr "签名"')
    catalogues.compile_mo(app)
    import gettext

    with catalogues.po_path(app).with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Sign") == "签名"


def test_the_command_tells_what_is_missing_and_changes_nothing(
    app: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("project.management.commands.messages.settings.BASE_DIR", app.parent)
    with pytest.raises(CommandError, match="'Sign'.*run manage.py messages"):
        call_command("messages", "shop", check=True)
    assert not catalogues.po_path(app).exists()
    call_command("messages", "shop")
    assert catalogues.po_path(app).with_suffix(".mo").exists()


def test_a_text_that_two_apps_translate_differently_is_told(app: Path) -> None:
    other = app.with_name("store")
    (other / "templates").mkdir(parents=True)
    (other / "views.py").write_text(CODE)
    for folder, chinese in ((app, "签名"), (other, "签发")):
        catalogues.update(folder)
        _translate(folder, 'msgid "Sign"\nmsgstr ""', f'msgid "Sign"\nmsgstr "{chinese}"')
    assert list(catalogues.conflicts([app, other])) == [
        "'Sign' is '签名' in shop and '签发' in store; give one a context."
    ]
    assert list(catalogues.conflicts([app])) == []


#: the catalogues of the project, each message with its English, context and Chinese
MESSAGES = [
    (message.id if isinstance(message.id, str) else message.id[0], message.context, message.string)
    for app in catalogues.APPS
    for message in catalogues.read(catalogues.po_path(settings.BASE_DIR / app))
    if message.id
]


def test_every_text_is_read_as_its_catalogue_has_it() -> None:
    """No text means two things, neither in the project's catalogues nor in those of the packages it uses."""
    assert list(catalogues.conflicts(settings.BASE_DIR / app for app in catalogues.APPS)) == []
    with override("zh-hans"):
        read = {(english, context): _read(english, context, string) for english, context, string in MESSAGES}
    wrong = [
        (english, string, read[english, context])
        for english, context, string in MESSAGES
        if read[english, context] != (string if isinstance(string, str) else string[0])
    ]
    assert wrong == []


def _read(english: str, context: str | None, chinese: str | tuple[str, ...]) -> str:
    if isinstance(chinese, tuple):
        return npgettext(context, english, english, 1) if context else ngettext(english, english, 1)
    return pgettext(context, english) if context else gettext(english)


#: words that an official reads as another thing, and where they may stand all the same
UNWANTED = {
    # severity I, and nothing that has to be explained
    "提示": {"Note", "Notes", "notes", *(english for english, _c, _z in MESSAGES if "E blocks signing" in english)},
    "台账": set(),
    "国家级": set(),
    "国家管理员": set(),
    "结转": set(),
    "核看": set(),
    "短横": set(),
    "零报送": set(),
}  # fmt: skip


@pytest.mark.parametrize("word", UNWANTED)
def test_one_word_for_one_thing(word: str) -> None:
    uses = {
        english
        for english, _context, chinese in MESSAGES
        if word in (chinese if isinstance(chinese, str) else "".join(chinese))
    }
    assert uses - UNWANTED[word] == set()


def test_scripts_have_no_words_of_their_own() -> None:
    """What a script says stands in the page, where it is translated: no sentence and no Chinese in any script."""
    scripts = [
        script
        for app in catalogues.APPS
        for script in (settings.BASE_DIR / app).rglob("static/**/*.js")
        if "vendor" not in script.parts
    ]
    assert scripts
    literals = [
        (script.name, literal)
        for script in scripts
        for literal in SAID.findall(COMMENT.sub("", script.read_text(encoding="utf-8")))
    ]
    assert literals == []


#: a text between quotes that reads as a sentence, or holds Chinese
SAID = re.compile(r"""(["'`](?:[A-Z][a-z]+(?: [a-z]+)+[^"'`\n]*|[^"'`\n]*[\u4e00-\u9fff][^"'`\n]*)["'`])""")
COMMENT = re.compile(r"^\s*//.*$|\s//\s.*$", re.MULTILINE)


@pytest.mark.parametrize(
    ("source", "said"), [('x = "Try again in a while";', 1), ("// Try it\ny('a b')", 0), ("z = `再试`", 1)]
)
def test_a_sentence_in_a_script_is_seen(source: str, said: int) -> None:
    assert len(SAID.findall(COMMENT.sub("", source))) == said
