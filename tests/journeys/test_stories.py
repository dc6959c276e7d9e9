"""RULEBOOK 26's stories, played over Telegram with the program's clock turned from outside."""

import sqlite3
from pathlib import Path

from tests import story
from tests.journeys.conftest import Stage, desk_for, joins, phone, staffed
from tests.phones import TelegramPhone
from tests.stage import photo
from tests.stubs.telegram import TelegramStub

NINE_TO_FIVE = "Mon-Fri 09:00-17:00"


async def test_story_1_a_leak_on_friday_is_promised_watched_and_escalated(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "週五 15:50", "appliance", NINE_TO_FIVE)
    li, wang, zhang = await stage.opens()
    manager = await joins(stage.desk, phone(stage.stub, "何經理"), "manager", li)
    stage.turns_to("週五 16:00")
    await story.reports(zhang, with_photo=False)
    await zhang.sees("師傅最晚 11月30日 週一 14:00 到")
    await li.sees("新報修")
    await li.presses("派 王師傅")
    await wang.sees("派給您")

    stage.turns_to("週五 16:16")
    await wang.sees("還沒接單")
    assert not li.shows("師傅還沒接單")
    stage.turns_to("週五 16:31")
    await li.sees("師傅還沒接單")
    await wang.presses("接單")
    await wang.sees("接單了")

    stage.turns_to("下週一 11:01")
    await wang.sees("到場時限已過 50%", "11月30日 週一 14:00")
    assert not li.shows("50%")
    stage.turns_to("下週一 12:49")
    await li.sees("到場時限已過 80%")
    stage.turns_to("下週一 14:01")
    await li.sees("到場逾時", "已晚")
    await manager.sees("到場逾時")
    assert not manager.shows("第 4 次通知")
    stage.turns_to("下週一 14:32")
    await manager.sees("第 4 次通知")

    await li.presses("我來處理")
    await li.sees("由您處理", "1 小時內不再提醒")
    await manager.sees("由 李主任 處理中")
    await stage.closes()


async def test_story_1_in_the_suburbs_it_is_an_hour_more(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "週五 16:00", "appliance", NINE_TO_FIVE)
    li, _wang, zhang = await stage.opens()
    stage.turns_to("週五 16:00")

    await story.reports(zhang, area="▸郊區", with_photo=False)

    await zhang.sees("師傅最晚 11月30日 週一 15:00 到")
    await zhang.presses("為什麼是這時間？")
    await zhang.sees("7 小時（工作時間）", "11月30日 週一 09:00 到 11月30日 週一 15:00")
    await li.sees("11月30日 週一 15:00")
    await stage.closes()


async def _reports_a_vehicle(zhang: TelegramPhone, part: str, kilometres: str) -> None:
    await zhang.says("報修")
    await zhang.sees("哪裡壞了")
    await zhang.says("車身有異音")
    await zhang.sees("照片")
    await zhang.presses("就這些")
    exchange = [
        ("品牌和型號", "大客車 B12"),
        ("完整地址", "桃園市中壢區中正路 1 號"),
        ("找哪一位", "張先生"),
        ("聯絡電話", "0912-345-678"),
        ("哪一部分", part),
        ("幾公里", kilometres),
        ("對不對", "▸沒問題，送出"),
    ]
    await story.asked(zhang, *exchange)


async def test_story_2_distance_decides_which_promise_is_made(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "週二 20:05", "vehicle", NINE_TO_FIVE)
    li, _wang, zhang = await stage.opens()
    stage.turns_to("週二 20:10")

    await _reports_a_vehicle(zhang, "▸車身", "85 公里")
    await zhang.sees("師傅最晚 11月25日 週三 20:10 到")
    other = await phone(stage.stub, "林太太").opens()
    await other.sees("機器壞了嗎")
    await _reports_a_vehicle(other, "▸車身", "130")
    registered = await other.sees("最晚 11月25日 週三 08:10 答覆您")

    assert "最晚到場" not in registered
    await li.sees("2611-0002", "最晚答覆：11月25日 週三 08:10")
    await stage.closes()


async def test_story_2_an_engine_fault_is_written_about_and_a_call_does_not_count(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "週二 20:05", "vehicle", NINE_TO_FIVE)
    li, _wang, zhang = await stage.opens()
    stage.turns_to("週二 20:10")
    await _reports_a_vehicle(zhang, "▸底盤或引擎", "20")
    await li.sees("最晚書面聯絡：11月25日 週三 08:10")

    await li.says("已經打電話給原廠了", reply_to=li.user.messages[-1])
    await li.sees("已加到 2611-0001")
    await li.says("2611-0001")
    await li.sees("最晚書面聯絡")
    await li.presses("已書面聯絡")
    await story.asked(li, ("寫給誰", "原廠服務部 吳小姐"), ("寫了什麼", "引擎異音，請派員會勘"))

    shown = await li.sees("書面聯絡已記下")
    assert "最晚書面聯絡" not in shown
    await stage.closes()


async def test_story_3_what_was_signed_is_what_was_done(stub: TelegramStub, tmp_path: Path) -> None:
    desk = await desk_for(stub, tmp_path).start()
    li, wang = await staffed(stub, desk)
    zhang = await phone(stub, "張先生").opens()
    await zhang.sees("機器壞了嗎")
    await story.reports(zhang, with_photo=False)
    await li.presses("派 王師傅")
    await story.gets_there(wang)
    await story.listens(wang)
    before_the_work = stub.clock()

    await wang.says("簽名")
    await wang.sees("還不能簽名", "看、查、作出處理", "SIG-2")
    for step in (story.looks, story.checks, story.acts, story.tries_it):
        await step(wang)
    await wang.presses("簽名")
    await story.asked(wang, ("客戶看這份報告", "▸跳過"), ("由誰簽名", "張先生"), ("簽名人的身分", "▸客戶本人"))
    await wang.sees("拍一張清楚的照片")
    await wang.sends_photo(photo("早拍的簽名"), date=before_the_work - 60)
    await wang.sees("早於完工時間")
    await wang.sends_photo(photo("張先生的簽名"))
    await wang.sees("簽名收到")
    await zhang.sees("您簽名的服務報告", "排水管 D16 × 1")

    await wang.presses("改記錄")
    await wang.sees("要改哪一步")
    await wang.presses("用料")
    await wang.sees("用料如下")
    await wang.presses("✎ 修改")
    await story.asked(wang, ("要改哪一項", "▸數量"), ("用了幾個", "2"), ("用料如下", "▸沒問題，送出"))
    await wang.sees("原簽名作廢")
    await zhang.presses("我簽的報告")
    await zhang.sees("這份已作廢", "排水管 D16 × 1")
    await story.signs(wang, picture="張先生再簽一次")
    await wang.sees("簽名收到")
    await zhang.sees("您簽名的服務報告", "排水管 D16 × 2")
    await story.leaves(wang)
    await li.presses("核准")
    await li.sees("已核准")

    assert await desk.stop() == 0
    assert await desk.run("audit") == (0, "all is well\n")


async def test_story_3_a_signature_picture_used_twice_is_flagged(stub: TelegramStub, tmp_path: Path) -> None:
    desk = await desk_for(stub, tmp_path).start()
    li, wang = await staffed(stub, desk)
    for customer in ("張先生", "林太太"):
        somebody = await phone(stub, customer).opens()
        await somebody.sees("機器壞了嗎")
        await story.reports(somebody, with_photo=False)
        await li.presses("派 王師傅")
        await story.gets_there(wang)
        await story.works(wang)
        await story.signs(wang, picture="同一張簽名")
        await wang.sees("簽名收到")
        await story.leaves(wang)
        if customer == "張先生":
            await li.presses("核准")
            await li.sees("已核准")

    await li.presses("核准")
    await li.sees("簽名有疑點", "別張單用過")
    await li.sees("查明了什麼")
    await li.says("已電話向客戶確認")
    await li.sees("已核准")
    await desk.stop()


async def test_story_11_a_stranger_gets_nothing_and_the_attempt_is_written_down(stub: TelegramStub, tmp_path: Path) -> None:
    desk = await desk_for(stub, tmp_path).start()
    li, wang = await staffed(stub, desk)
    zhang = await phone(stub, "張先生").opens()
    await zhang.sees("機器壞了嗎")
    await story.reports(zhang, with_photo=False)
    await li.presses("派 王師傅")
    await wang.sees("派給您")
    await wang.presses("接單")
    await wang.sees("接單了")
    stranger = await phone(stub, "外人").opens()
    await stranger.sees("機器壞了嗎")

    for words in ("2611-0001", "/order 2611-0001", "簽名 2611-0001"):
        await stranger.says(words)
        await stranger.sees("查不到這張單")
    for data in ("o.1.card", "o.1.prepare", "o.1.approve", "o.1.details", "o.1.copy", "d.1.arrival"):
        await stranger.presses_token(data)
        await stranger.sees("查不到這張單")
    await stranger.presses_token("q.1.1.0")
    await stranger.sees("已經過了")
    taken = next(one for one in stub.world.history if one.get("callback_query", {}).get("data") == "o.1.accept")
    await stub.pushes(taken)
    await stub.pushes(taken | {"update_id": 1, "callback_query": taken["callback_query"] | {"from": stranger.user.account}})
    await stranger.says("說明")
    await stranger.sees("報修")

    assert not any(stranger.shows(word) for word in ("漏水", "和平東路", "0912", "王師傅"))
    await desk.stop()
    refusals = _refusals(tmp_path)
    assert refusals.count("no-such-order") >= 9
    assert "not-your-button" in refusals


def _refusals(folder: Path) -> list[str]:
    with sqlite3.connect(folder / "data" / "fieldhand.db") as connection:
        rows = connection.execute("SELECT json_extract(facts, '$.code') FROM journal WHERE kind = 'refused'").fetchall()
    return [row[0] for row in rows]


async def test_story_12_after_a_weekend_away_each_gets_one_digest(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "週五 19:50", "vehicle", NINE_TO_FIVE)
    li, _wang, zhang = await stage.opens()
    manager = await joins(stage.desk, phone(stage.stub, "何經理"), "manager", li)
    stage.turns_to("週五 20:00")
    for _ in range(5):
        await _reports_a_vehicle(zhang, "▸車身", "50")
        await zhang.sees("師傅最晚 11月28日 週六 20:0")
    await li.sees("2611-0005")
    await stage.desk.stop()
    n_before = {one.id: one.n_messages for one in (li, manager)}

    stage.turns_to("下週一 08:00")
    await stage.desk.start()
    for one in (li, manager):
        shown = await one.sees("系統停機期間", "已晚 1 天11 小時")
        assert all(f"2611-000{n} 到場" in shown for n in range(1, 6))
    stage.turns_to("下週一 09:01")
    await li.sees("早安 李主任", "逾時 5 件")

    assert all(one.n_messages - n_before[one.id] <= 6 for one in (li, manager))
    await stage.closes()
