"""The documents say what is there: links lead somewhere, commands and settings exist, three READMEs tell the same."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from benchmarks.__main__ import ROWS
from bot.commands import app
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
        "WORKING_TIME_EXAMPLES",
    }
    known |= set(re.findall(r'"(SOAK_\w+)"', (ROOT / "tests" / "faults" / "soak.py").read_text(encoding="utf-8")))
    for file in (ROOT / "benchmarks").glob("*.py"):
        known |= set(re.findall(r'"(BENCH_\w+)"', file.read_text(encoding="utf-8")))
    for document in DOCUMENTS:
        named = set(re.findall(r"`([A-Z]{2,}_[A-Z_]+)", document.read_text(encoding="utf-8")))
        assert named - known == set(), _name(document)


def test_every_row_of_the_benchmarks_has_its_figures_and_no_other() -> None:
    told = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")

    rows = [name.partition(".")[0] for name in re.findall(r"^\| `([a-z]+[\w.]*)`", told, re.MULTILINE)]

    assert list(dict.fromkeys(rows)) == list(ROWS)


def test_the_three_readmes_tell_the_same() -> None:
    def shape(path: Path) -> tuple[int, list[str], list[str]]:
        text = path.read_text(encoding="utf-8")
        return text.count("\n## "), re.findall(r"pictures/[\w-]+\.png", text), sorted(set(re.findall(r"docs/[\w-]+\.md", text)))

    assert len({str(shape(path)) for path in READMES}) == 1


def test_a_newcomer_finds_the_two_commands_and_the_connection_in_each_readme() -> None:
    for path in READMES:
        text = path.read_text(encoding="utf-8")
        assert all(words in text for words in ("make run", "make test", "@BotFather", "TELEGRAM_BOT_TOKEN", "/start", "check"))


SECTIONS = re.findall(
    r"\w+", "ROL INT SLA DSP PRE VIS SIG TYP WAR FEE PRT CLM WKS CLS DLY SUR CMP RET BKO MNT STF CND KPI ESC REC SAF X"
)
"""The sections of the rulebook, which begin the ids of its rules."""
_NAMED = re.compile(r"\b([A-Z]{1,3})-(\d+)(?:\.\.(\d+))?((?:, \d+(?:\.\.\d+)?)*)")
_FUNCTION = re.compile(r"`((?:rules|handlers|scheduler|storage|bot)/[\w/]+\.py):(\w+)`")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def _ids(text: str) -> set[str]:
    """Every rule that a text names, with those of ranges and lists such as SLA-1..5, SLA-12 or `VIS-4, 5`."""
    found = set()
    for section, first, last, more in _NAMED.findall(text):
        spans = [(first, last or first), *((one.split("..")[0], one.split("..")[-1]) for one in more.split(", ")[1:])]
        if section in SECTIONS:
            found |= {f"{section}-{n}" for start, end in spans for n in range(int(start), int(end) + 1)}
    return found


def _rows() -> list[tuple[str, str, str]]:
    text = (ROOT / "docs" / "clauses.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    return [(rule, function, test) for rule, function, test in rows[2:]]


def test_each_rule_that_code_names_has_its_row_and_no_other() -> None:
    rules = [rule for rule, _function, _test in _rows()]
    named: set[str] = set()
    for package in ("rules", "handlers", "scheduler", "storage", "bot"):
        for file in (ROOT / package).rglob("*.py"):
            named |= _ids(file.read_text(encoding="utf-8"))

    assert named - set(rules) == set(), "named in code, without a row in docs/clauses.md"
    assert set(rules) - named == set(), "in docs/clauses.md, and nowhere in code"
    assert [rule for rule in rules if _ids(rule) != {rule}] == []
    assert rules == sorted(set(rules), key=lambda rule: (SECTIONS.index(rule.split("-")[0]), int(rule.split("-")[1])))


@pytest.mark.parametrize(("rule", "function", "test"), _rows(), ids=lambda cell: cell if "`" not in cell else "")
def test_each_row_of_the_clauses_names_a_function_and_a_test_that_exist(rule: str, function: str, test: str) -> None:
    (file, name), (test_file, test_name) = _FUNCTION.fullmatch(function).groups(), _TEST.fullmatch(test).groups()  # type: ignore[union-attr]

    assert re.search(rf"^\s*(async )?(def|class) {name}\b|^{name}\b", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert re.search(rf"^(async )?def {test_name}\b", (ROOT / test_file).read_text(encoding="utf-8"), re.MULTILINE)


def test_no_document_or_source_names_a_machine() -> None:
    wrong = re.compile(r"/root/|/home/\w+/|/work/|/tmp/w|localhost:\d+/simple|files\.pythonhosted|pypi\.org/simple")
    for path in [*DOCUMENTS, *ROOT.glob("*.lock"), *ROOT.glob("*.toml"), ROOT / "Makefile", *(ROOT / "bot").rglob("*.py")]:
        assert not wrong.search(path.read_text(encoding="utf-8")), _name(path)
