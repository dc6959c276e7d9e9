"""The settings of 微信客服: what is wrong or missing is said by its name, at the start and by `fieldhand check`."""

import pytest

from bot.channels.base import ChannelRefused
from bot.channels.parts import Parts
from bot.channels.wecom_kf import build
from bot.settings import SettingsError, read_settings
from tests.channels.kf_desk import KfDesk
from tests.stubs.wecom import Fault
from tests.stubs.wecom_kf import OPEN_KFID, Visitor


async def test_a_secret_that_is_wrong_ends_the_start_with_its_name(at: KfDesk) -> None:
    at.channel = at.open(secret="wrong")

    with pytest.raises(ChannelRefused, match="WECOM_KF_SECRET"):
        await at.start()


async def test_an_account_that_is_not_there_ends_the_start_with_its_name(at: KfDesk) -> None:
    at.channel = at.open(open_kfid="wkOther")

    with pytest.raises(ChannelRefused, match="WECOM_KF_OPEN_ID"):
        await at.start()


async def test_a_network_that_is_down_at_the_start_is_waited_for(at: KfDesk, zhang: Visitor) -> None:
    at.stub.wecom.fails("*", Fault.ERROR, times=2)
    await zhang.says("一")
    await at.start()

    await at.inbox.has(1)


def settings(**told: str) -> Parts:
    return Parts(read_settings(_env_file=None, **told), None, lambda _sha256: b"", lambda _reason: None)  # type: ignore[arg-type]


def test_an_empty_setting_switches_it_off() -> None:
    assert build(settings(wecom_corp_id="ww1", wecom_secret="app's")) is None


@pytest.mark.parametrize(
    ("told", "named"),
    [
        ({"wecom_kf_secret": "s"}, "WECOM_CORP_ID"),
        ({"wecom_corp_id": "ww1", "wecom_kf_secret": "s"}, "WECOM_KF_OPEN_ID"),
        ({"wecom_corp_id": "ww1", "wecom_kf_open_id": "wk"}, "WECOM_KF_SECRET"),
        ({"wecom_corp_id": "ww1", "wecom_kf_secret": "s", "wecom_kf_open_id": "wk", "wecom_kf_token": "t"}, "WECOM_KF_AES_KEY"),
        ({"wecom_corp_id": "ww1", "wecom_kf_secret": "s", "wecom_kf_open_id": "wk", "wecom_kf_aes_key": "k"}, "WECOM_KF_TOKEN"),
        (
            {"wecom_corp_id": "ww1", "wecom_kf_secret": "s", "wecom_kf_open_id": "wk", "wecom_kf_token": "t"}
            | {"wecom_kf_aes_key": "too short"},
            "WECOM_KF_AES_KEY",
        ),
    ],
)
def test_half_of_the_settings_end_the_start_with_what_is_missing(told: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=f"^{named}: "):
        build(settings(**told))


async def test_check_says_what_is_right_and_where_customers_come_in(at: KfDesk) -> None:
    lines = await at.channel.check()

    assert [is_well for is_well, _line in lines] == [True, True, True]
    assert "every 20 seconds" in lines[1][1]
    assert "https://work.weixin.qq.com/kf/" in lines[2][1]


async def test_check_says_what_is_wrong(at: KfDesk) -> None:
    (line,) = await at.open(secret="wrong").check()
    assert (line[0], line[1].split(":")[0]) == (False, "WECOM_KF_SECRET")
    (line,) = await at.open(open_kfid="wkOther").check()
    assert (line[0], OPEN_KFID in line[1]) == (False, True)
    at.stub.world.is_trusted = False
    (line,) = await at.channel.check()
    assert (line[0], "trusted IP" in line[1]) == (False, True)
    assert [is_well for is_well, _line in await at.open(origin="http://127.0.0.1:9").check()] == [False]
