"""Every text exists in three languages with the same fields, is used, and fits where it goes (DESIGN 7)."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from handlers.actions import ACTIONS, STEPS
from handlers.flowbook import ENGINE
from handlers.menu import COMMANDS
from handlers.words import CONTROL, DONE_BY_WORD, MENU
from rules.clocks import HOLD_REASONS, Clock
from rules.orders import Stage, Step
from rules.people import Role
from rules.policies import PROFILES, Base, read_policy
from tests.stage import ROOT
from texts import catalog

PACKAGES = ("bot", "handlers", "rules", "scheduler", "storage")
_ID = re.compile(r"^[a-z_]+(?:[.-][a-z0-9_-]+)+$")


@cache
def _strings() -> tuple[frozenset[str], tuple[str, ...]]:
    """(every literal text of the code and its pages, the beginnings of every f-string)."""
    whole: set[str] = set()
    begun: set[str] = set()
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    whole.add(node.value)
                    whole.add(f"{node.value}-none" if node.value.startswith("list.") else node.value)
                elif isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                    begun.add(str(node.values[0].value))
    for page in (ROOT / "bot" / "pages").rglob("*.*"):
        if page.suffix in (".html", ".js"):
            text = page.read_text(encoding="utf-8")
            begun |= set(re.findall(r'"(page\.[a-z0-9_.]+)" ~', text))
            whole |= set(re.findall(r"page\.[a-z0-9_.]+", text)) - begun
            whole |= {f"page.{state}" for state in re.findall(r'"(online|offline|connecting|reconnecting)"', text)}
    return frozenset(whole), tuple(one for one in begun if one.count(".") >= 1 and _ID.match(f"{one.rstrip('.')}.x"))


def test_the_three_catalogs_hold_the_same_ids() -> None:
    source = catalog.texts(catalog.SOURCE).keys()

    assert {language: set(catalog.texts(language)) ^ set(source) for language in catalog.LANGUAGES} == {
        language: set() for language in catalog.LANGUAGES
    }


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_a_text_has_the_same_fields_in_every_language(language: str) -> None:
    source, own = catalog.texts(catalog.SOURCE), catalog.texts(language)

    assert {key: text for key, text in own.items() if catalog.fields(text) != catalog.fields(source[key])} == {}


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_no_text_is_empty_or_still_to_be_written(language: str) -> None:
    assert [key for key, text in catalog.texts(language).items() if not text.strip() or "TODO" in text] == []


def test_simplified_texts_have_no_traditional_words() -> None:
    traditional = set("單機電話訊號碼務員時間請輸記錄點擊選擇這裡還個們來說開關進場聽處理檔圖語錯嗎報修師傅寫謝")
    simplified_too = set("理修") | set("裡傅")
    wrong = traditional - simplified_too - set("場擊".replace("場", "").replace("擊", ""))

    found = {key for key, text in catalog.texts("zh-Hans").items() if not key.startswith("words.") and wrong & set(text)}

    assert found == set()


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_button_labels_are_short_enough_to_read(language: str) -> None:
    most = 22 if language == "en" else 10
    buttons = {key: re.sub(r"{\w+}", "", text) for key, text in catalog.texts(language).items() if key.startswith("button.")}
    long = {key: text for key, text in buttons.items() if len(text) > most}

    assert long == {}


def test_every_text_that_the_code_names_exists() -> None:
    known = catalog.texts(catalog.SOURCE)
    families = {key.split(".")[0] for key in known}
    named = {one for one in _strings()[0] if _ID.match(one) and one.split(".")[0] in _text_families()}
    named = {one for one in named if not one.endswith(("-", "-none"))}

    assert _text_families() <= families
    assert sorted(one for one in named if one not in known) == []


def _text_families() -> set[str]:
    return {
        "ask", "button", "called", "card", "catch-up", "copy", "digest", "done", "enrol", "help", "invite",
        "language", "list", "misread", "notice", "page", "refused", "remark", "reopen", "reply_to", "start", "stage", "summary",
        "talk", "trouble", "why", "word",
    }  # fmt: skip


def test_every_refusal_has_its_words() -> None:
    codes = set()
    for package in PACKAGES:
        for file in (ROOT / package).rglob("*.py"):
            codes |= set(re.findall(r'Refused\(\s*"([a-z-]+)"', file.read_text(encoding="utf-8")))

    assert sorted(code for code in codes if not catalog.has(f"refused.{code}")) == ["no-such-person"]  # command line only


def test_what_is_named_by_a_value_has_its_words() -> None:
    wanted = [f"stage.{one}" for one in Stage] + [f"step.{one}" for one in Step] + [f"role.{one}" for one in Role]
    wanted += [f"clock.{one}" for one in Clock] + [f"base.{one}" for one in Base] + [f"hold.{one}" for one in HOLD_REASONS]
    wanted += [f"flow.{one}" for one in ENGINE.flows]
    wanted += [f"done.{one}" for one in Step]
    wanted += [f"button.{one}" for one in [*ACTIONS, *STEPS] if one not in ("tick", "called", "send", "fold")]
    wanted += [f"menu.{one}" for one in COMMANDS if one not in ("name", "resume", "start")]

    assert [one for one in wanted if not catalog.has(one)] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_asks_for_nothing_without_words(profile: str) -> None:
    file = ROOT / "policies" / f"{profile}.toml"
    policy = read_policy(file.read_text(encoding="utf-8"), file.name)

    wanted = [f"checklist.{one}" for one in policy.departure.required]
    wanted += [f"sign.signer_role.{one}" for one in policy.signature.signer_roles]
    wanted += [f"field.{one}" for one in policy.intake.required]

    assert [one for one in wanted if not catalog.has(one)] == []


def test_no_text_is_unused() -> None:
    whole, begun = _strings()
    flows = tuple(f"{name}." for name in ENGINE.flows)
    unused = [
        key
        for key in catalog.texts(catalog.SOURCE)
        if key not in whole and not key.startswith(tuple(begun)) and not key.startswith(flows) and not key.endswith(".words")
    ]

    assert unused == []


def test_no_typed_word_stands_for_two_things() -> None:
    """A word alone is a command or an action, and of those only one."""
    meant: dict[str, set[str]] = {}
    for name in {*MENU, *DONE_BY_WORD}:
        for word in catalog.words(f"words.{name}"):
            meant.setdefault(word, set()).add(name)

    assert {word: names for word, names in meant.items() if len(names) > 1} == {}


_PRESSED = {"zh-Hant": r"[按點]「([^」{]+)」", "zh-Hans": r"[按点]“([^”{]+)”", "en": r"(?:[Pp]ress|[Tt]ap) “([^”{]+)”"}
_SENT = {"zh-Hant": r"傳「([^」{]+)」", "zh-Hans": r"发“([^”{]+)”", "en": r"[Ss]end “([^”{]+)”"}
_EXAMPLES = {"派 某某", "派 王師傅", "派 王师傅", "Send …"}


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_a_button_that_a_text_tells_people_to_press_has_that_label(language: str) -> None:
    texts = catalog.texts(language)
    labels = [text for key, text in texts.items() if key.startswith(("button.", "menu.", "ask."))]

    told = {(key, one) for key, text in texts.items() for one in re.findall(_PRESSED[language], text)}

    assert [(key, one) for key, one in told if one not in _EXAMPLES and not any(label.endswith(one) for label in labels)] == []


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_a_word_that_a_text_tells_people_to_send_is_understood(language: str) -> None:
    known = {word for name in {*MENU, *DONE_BY_WORD, *CONTROL} for word in catalog.words(f"words.{name}")}

    told = {(key, one) for key, text in catalog.texts(language).items() for one in re.findall(_SENT[language], text)}

    assert [(key, one) for key, one in told if catalog.fold(one) not in known] == []


def test_people_s_words_are_never_read_as_templates() -> None:
    assert catalog.say("en", "done.name", {"name": "{number} {0.__class__}"}) == "Thank you, {number} {0.__class__}."


def test_catalog_files_are_the_only_ones() -> None:
    names = {file.name for file in Path(catalog.__file__).parent.glob("*.toml")}

    assert names == {"zh_hant.toml", "zh_hans.toml", "en.toml"}


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("+886912345678", "+886 912 345 678"),
        ("+8613800138000", "+86 138 0013 8000"),
        ("+99912345678", "+99912345678"),
        ("分機 123", "分機 123"),
        ("+1", "+1"),
    ],
)
def test_a_telephone_is_read_in_groups(kept: str, read: str) -> None:
    assert catalog.show("zh-Hant", kept, zone="Asia/Taipei") == read
