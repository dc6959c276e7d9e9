"""What a channel says of itself, and what no rig of the suite may leave out unsaid."""

from bot.channels.base import Abilities, Channel
from handlers.bubbles import Bubble
from tests.channels.conformance.looking import PHOTO, YES_NO, newest, sent
from tests.channels.conformance.rigs.base import Able, Rig, Trouble
from tests.channels.conformance.rigs.every import RIGS
from tests.channels.conformance.test_sending import MANY

LACKS: dict[str, set[Able | Trouble]] = {
    "telegram": {Able.TOKEN},
    "web": {Able.TELLS_LEAVING, Able.SHUTS_OUT, Able.TOKEN, *Trouble},
    "wecom": set(),
    "kf": {Able.TELLS_LEAVING, Able.EDITS, Able.EDITS_PRESSED},
    "wecom-bot": {Able.SOUND, Able.PLACE, Able.CALLS, Able.TELLS_LEAVING, Able.EDITS, Able.TOKEN, Trouble.BROKEN},
    "pigeon": {*Able, *Trouble} - {Able.SHUTS_OUT},
}
"""What can't be asked of a messenger, and so is not tested with it."""


def test_each_rig_lacks_what_is_written_here_and_nothing_else() -> None:
    assert {name: {*one.lacks, *(set(Trouble) - set(one.faults))} for name, one in RIGS.items()} == LACKS


def test_whatever_a_rig_may_lack_two_others_are_asked_for() -> None:
    asked = {one: [name for name, lacking in LACKS.items() if one not in lacking] for one in (*Able, *Trouble)}

    assert {one: names for one, names in asked.items() if len(names) < 2} == {}


async def test_what_a_bubble_weighs_is_what_it_takes(rig: Rig) -> None:
    for bubble in (Bubble("一句"), YES_NO, MANY, Bubble("兩張", photos=(PHOTO, "b" * 64))):
        before = len(await rig.shown()) + len(await rig.pictures())
        await sent(rig, bubble)
        taken = len(await rig.shown()) + len(await rig.pictures()) - before
        assert rig.channel.weight(bubble) >= 1
        if rig.channel.abilities.paces or rig.channel.abilities.allowance:
            assert rig.channel.weight(bubble) >= taken, bubble


async def test_it_has_everything_that_a_channel_has(rig: Rig) -> None:
    wanted = {name for name in (*Channel.__annotations__, *vars(Channel)) if not name.startswith("_")}

    assert len(wanted) >= 14
    assert {name for name in wanted if not hasattr(rig.channel, name)} == set()


async def test_its_abilities_hang_together(rig: Rig) -> None:
    able: Abilities = rig.channel.abilities

    assert able.text_chars or able.text_bytes
    assert able.buttons >= 6
    assert able.takes_location == (Able.PLACE not in rig.lacks)
    assert able.takes_location or not able.can_ask_location
    assert all(pace.most > 0 and pace.seconds > 0 for pace in able.paces)


async def test_it_says_what_is_right_with_its_settings_in_words(rig: Rig) -> None:
    lines = await rig.channel.check()

    assert all(words[0].isupper() and ":" in words for _well, words in lines), lines
    assert lines or rig.channel.name == "web"


async def test_ending_twice_does_no_harm(rig: Rig) -> None:
    await rig.says("最後一句")
    await rig.inbox.has(2)

    await rig.channel.stop()
    await rig.channel.stop()

    assert (await newest(rig)).text == "最後一句"
