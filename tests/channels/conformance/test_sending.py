"""What is said to people arrives whole, can be pressed, and is changed where that can be (CHANNELS 5).

Where a messenger can't do a thing, its abilities say so and the test asks for the agreed way round instead.
"""

import unicodedata

import pytest

from bot.channels.base import Never, Sent
from handlers.bubbles import Bubble, Button
from tests.channels.conformance.choosing import others, those
from tests.channels.conformance.looking import HOSTILE, PHOTO, YES_NO, everything, newest, pressed, sent
from tests.channels.conformance.rigs.base import Able, Rig
from tests.channels.telegram_desk import JPEG

MANY = Bubble(
    "選一個", rows=tuple((Button(f"第 {n:02} 項", f"o.7.pick.{n}"),) for n in range(25)), pick="回覆號碼即可", more="更多"
)
WAITING = Bubble("狀態：待派工", title="2611-0001", rows=YES_NO.rows)
SENT_OUT = Bubble("狀態：已派工", title="2611-0001", rows=YES_NO.rows)


async def test_people_s_words_are_shown_as_they_are(rig: Rig) -> None:
    await sent(rig, Bubble(f"客戶說：{HOSTILE}", title="2611-0001"))

    shown = unicodedata.normalize("NFKC", await everything(rig))  # a wide sign where a narrow one would be markup
    shown = shown.replace("\\", "")
    for part in ("2611-0001", "<b>", "*星*", "_底_", "http://x.example", "`程式`", "{name}", "🥶"):
        assert part in shown, part


async def test_a_long_text_arrives_whole(rig: Rig) -> None:
    text = "\n".join(f"第 {n} 行：冷氣漏水，更換排水管後試機三十分鐘正常。" for n in range(200))

    await sent(rig, Bubble(text))

    shown = await everything(rig)
    if rig.channel.abilities.allowance:  # each message counts: so much as can be borne, and a sign where it was cut
        assert len(await rig.shown()) <= rig.channel.weight(Bubble(text)) <= 3
        assert "".join(text[:1500].split()) in shown
        assert shown.endswith("…")
    else:
        assert "".join(text.split()) in shown


async def test_a_button_comes_back_with_its_token(rig: Rig) -> None:
    result = await sent(rig, YES_NO)

    await rig.presses("否")

    await rig.inbox.has(2)
    event = await newest(rig)
    assert event.address == rig.address
    assert pressed(event, result) == "q.1.1.1"
    await rig.channel.acknowledge(event)


@pytest.mark.parametrize("wanted", [0, 6, 24])
async def test_of_many_buttons_each_is_within_reach(rig: Rig, wanted: int) -> None:
    result = await sent(rig, MANY)

    await rig.presses(f"第 {wanted:02} 項")

    await rig.inbox.has(2)
    assert pressed(await newest(rig), result) == f"o.7.pick.{wanted}"


async def test_a_long_label_can_be_read_whole_and_pressed(rig: Rig) -> None:
    label = "派 王師傅（手上三件，最近的在和平東路）"
    result = await sent(
        rig, Bubble("派誰？", rows=((Button(label, "o.7.send.3"), Button("其他人", "o.7.other")),), pick="回覆號碼")
    )

    shown = await rig.shown()
    assert any(label in one.text or label in one.labels for one in shown), shown
    await rig.presses("王師傅")
    await rig.inbox.has(2)
    assert pressed(await newest(rig), result) == "o.7.send.3"


async def test_a_photo_goes_out_with_its_words(rig: Rig) -> None:
    await sent(rig, Bubble("現場照片", photos=(PHOTO,)))

    assert JPEG in await rig.pictures()
    assert "現場照片" in await everything(rig)


async def test_a_picture_that_is_lost_does_not_keep_back_the_words(rig: Rig) -> None:
    await sent(rig, Bubble("照片在後面", photos=("f" * 64,)))

    assert "照片在後面" in await everything(rig)


@those(able=Able.EDITS)
async def test_a_message_is_changed_in_place(rig: Rig) -> None:
    ref = (await sent(rig, WAITING)).ref

    assert isinstance(await rig.channel.edit(rig.address, ref, SENT_OUT), Sent)

    assert "已派工" in await everything(rig)
    assert "待派工" not in await everything(rig)


@those(able=Able.EDITS_PRESSED)
async def test_a_message_of_which_a_button_was_pressed_is_changed_in_place(rig: Rig) -> None:
    ref = (await sent(rig, WAITING)).ref
    await rig.presses("否")
    await rig.inbox.has(2)

    assert isinstance(await rig.channel.edit(rig.address, ref, SENT_OUT), Sent)

    assert "已派工" in await everything(rig)
    assert "待派工" not in await everything(rig)


@others(lacking=Able.EDITS)
async def test_what_can_not_be_changed_is_said_and_stands(rig: Rig) -> None:
    ref = (await sent(rig, WAITING)).ref
    before = await rig.shown()

    assert await rig.channel.edit(rig.address, ref, SENT_OUT) == Never("cannot-edit")

    assert "待派工" in await everything(rig)
    assert await rig.shown() == before


@those(able=Able.EDITS)
async def test_buttons_are_taken_away(rig: Rig) -> None:
    ref = (await sent(rig, YES_NO)).ref

    assert isinstance(await rig.channel.settle(rig.address, ref), Sent)

    labels = [label for one in await rig.shown() for label in one.labels]
    assert "否" not in labels
    assert "修好了嗎" in await everything(rig)


@others(lacking=Able.EDITS)
async def test_where_buttons_can_not_be_taken_away_everything_stands(rig: Rig) -> None:
    ref = (await sent(rig, YES_NO)).ref
    before = await rig.shown()

    assert isinstance(await rig.channel.settle(rig.address, ref), Sent | Never)

    assert before
    assert await rig.shown() == before
