"""Settings: what `.env.example` documents is what there is, and a wrong one ends the start with one clear line."""

import re
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, read_settings
from tests.stage import ROOT, Program

_EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def _documented() -> dict[str, str]:
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", _EXAMPLE, re.MULTILINE))


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(_documented()) == {name.upper() for name in Settings.model_fields}


def test_the_example_shows_the_defaults() -> None:
    shown = {name.lower(): value for name, value in _documented().items() if value}

    defaults = {name: str(field.default) for name, field in Settings.model_fields.items() if field.default not in (None, "")}

    assert shown == defaults


def test_the_example_read_as_it_stands_is_a_working_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)

    settings = read_settings(_env_file=".env.example")

    assert settings == read_settings(_env_file=None)
    assert not settings.has_messenger


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("TIMEZONE", "Asia/Taipeh", "IANA"),
        ("LANGUAGE", "fr", "zh-Hant"),
        ("HTTP_PORT", "80800", "65535"),
        ("HTTP_PORT", "eighty", "integer"),
        ("POLICY_FILE", "policies/none.toml", "does not exist"),
        ("PUBLIC_URL", "desk.example", "https://"),
        ("TELEGRAM_API_BASE", "ftp://x", "https://"),
        ("WECOM_AGENT_ID", "abc", "integer"),
        ("WECOM_BOT_URL", "https://openws.work.weixin.qq.com", "wss://"),
        ("WECOM_BOT_ID", "aib-1", "WECOM_BOT_SECRET"),
        ("WECOM_BOT_SECRET", "s-1", "WECOM_BOT_ID"),
    ],
)
async def test_a_wrong_setting_ends_the_start_with_one_line_that_names_it(
    tmp_path: Path, name: str, value: str, words: str
) -> None:
    status, said = await Program(tmp_path, {name: value}).run("run")

    assert status == 1
    assert said.count("\n") == 1
    assert name in said
    assert words in said


async def test_a_policy_with_an_unknown_key_is_refused_with_the_key_s_name(tmp_path: Path) -> None:
    policy = tmp_path / "own.toml"
    policy.write_text('profile = "appliance"\n[sla]\narival_urban = "6wh"\n', encoding="utf-8")

    status, said = await Program(tmp_path, {"POLICY_FILE": str(policy)}).run("run")

    assert status == 1
    assert "own.toml:3: sla.arival_urban: unknown key" in said


async def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    first = await Program(tmp_path).start()
    (tmp_path / "second").mkdir()
    try:
        port = first.address.rsplit(":", 1)[1]
        status, said = await Program(tmp_path / "second", {"HTTP_PORT": port}).run("run")
    finally:
        await first.stop()

    assert status == 1
    assert "HTTP_PORT" in said.splitlines()[-1]


async def test_two_programs_never_share_a_data_folder(tmp_path: Path) -> None:
    first = await Program(tmp_path).start()
    try:
        status, said = await Program(tmp_path).run("run")
    finally:
        await first.stop()

    assert status == 1
    assert "DATA_DIR" in said


def test_a_secret_never_stands_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:very-secret")
    monkeypatch.setenv("TIMEZONE", "nowhere")

    with pytest.raises(SettingsError) as error:
        read_settings(_env_file=None)

    assert "very-secret" not in str(error.value)
    assert "very-secret" not in repr(Settings(_env_file=None, timezone="UTC"))
