"""The documents say what is there: links lead somewhere, commands and settings exist, three READMEs tell the same."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.__main__ import app
from bot.settings import Settings
from tests.stage import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = [ROOT / name for name in ("README.md", "README.zh-Hant.md", "README.zh-Hans.md")]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_links_and_pictures_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))

    missing = [link for link in links if "://" not in link and not (document.parent / link).exists()]

    assert missing == []


def test_every_command_is_in_the_handbook_and_no_other() -> None:
    handbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    commands = set(get_command(app).commands)  # type: ignore[attr-defined]

    told = set(re.findall(r"^\| `([a-z]+)", handbook, re.MULTILINE))

    assert told == commands


def test_settings_that_documents_name_exist() -> None:
    known = {name.upper() for name in Settings.model_fields} | {
        "FIELDHAND_PICTURES",
        "SIGTERM",
        "SIGKILL",
        "WAL",
        "JSON",
        "TLS",
    }
    for document in DOCUMENTS:
        named = set(re.findall(r"`([A-Z]{2,}_[A-Z_]+)", document.read_text(encoding="utf-8")))
        assert named - known == set(), _name(document)


def test_the_three_readmes_tell_the_same() -> None:
    def shape(path: Path) -> tuple[int, list[str], list[str]]:
        text = path.read_text(encoding="utf-8")
        return text.count("\n## "), re.findall(r"pictures/[\w-]+\.png", text), sorted(set(re.findall(r"docs/[\w-]+\.md", text)))

    assert len({str(shape(path)) for path in READMES}) == 1


def test_a_newcomer_finds_the_two_commands_and_the_connection_in_each_readme() -> None:
    for path in READMES:
        text = path.read_text(encoding="utf-8")
        assert all(words in text for words in ("make run", "make test", "@BotFather", "TELEGRAM_BOT_TOKEN", "/start", "check"))


def test_the_clauses_name_functions_and_tests_that_exist() -> None:
    text = (ROOT / "docs" / "clauses.md").read_text(encoding="utf-8")
    for module, name in re.findall(r"`((?:rules|handlers|scheduler|storage|bot)(?:[./]\w+)*)[.:](\w+)`", text):
        file = ROOT / (module.replace(".", "/").removesuffix("/py") + ".py")
        assert file.exists(), module
        assert re.search(rf"\b{name}\b", file.read_text(encoding="utf-8")), f"{module}.{name}"
    for file, name in re.findall(r"`?(tests/[\w/]+\.py)(?:::(\w+))?", text):
        assert (ROOT / file).exists(), file
        assert not name or f"def {name}" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{name}"


def test_no_document_or_source_names_a_machine() -> None:
    wrong = re.compile(r"/root/|/home/\w+/|/work/|/tmp/w|localhost:\d+/simple|files\.pythonhosted|pypi\.org/simple")
    for path in [*DOCUMENTS, *ROOT.glob("*.lock"), *ROOT.glob("*.toml"), ROOT / "Makefile", *(ROOT / "bot").rglob("*.py")]:
        assert not wrong.search(path.read_text(encoding="utf-8")), _name(path)
