"""RULEBOOK 26's stories 1, 2, 11 and 12 over Telegram, the program's clock turned from outside; those of the clock on
either engine. Stories 3 to 6 and 13 are in test_stories_of_papers."""

from pathlib import Path

from tests import story
from tests.journeys import stories
from tests.journeys.stages import NINE_TO_FIVE, TelegramStage
from tests.phones import TelegramPhone


async def test_story_1_a_leak_on_friday_is_promised_watched_and_escalated(tmp_path: Path, database_url: str) -> None:
    stage = TelegramStage(tmp_path, "週五 15:50", week=NINE_TO_FIVE, database=database_url)
    await stories.a_leak_on_friday_is_watched(stage)


async def test_story_1_in_the_suburbs_it_is_an_hour_more(tmp_path: Path) -> None:
    await stories.in_the_suburbs_it_is_an_hour_more(TelegramStage(tmp_path, "週五 16:00", week=NINE_TO_FIVE))


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


async def test_story_2_distance_decides_which_promise_is_made(tmp_path: Path, database_url: str) -> None:
    stage = TelegramStage(tmp_path, "週二 20:05", "vehicle", NINE_TO_FIVE, database=database_url)
    li, _wang, zhang = await stage.opens()
    stage.turns_to("週二 20:10")

    await _reports_a_vehicle(zhang, "▸車身", "85 公里")
    await zhang.sees("師傅最晚 11月25日 週三 20:10 到")
    other = await stage.customer("林太太")
    await _reports_a_vehicle(other, "▸車身", "130")
    registered = await other.sees("最晚 11月25日 週三 08:10 答覆您")

    assert "最晚到場" not in registered
    await li.sees("2611-0002", "最晚答覆：11月25日 週三 08:10")
    await stage.closes()


async def test_story_2_an_engine_fault_is_written_about_and_a_call_does_not_count(tmp_path: Path, database_url: str) -> None:
    stage = TelegramStage(tmp_path, "週二 20:05", "vehicle", NINE_TO_FIVE, database=database_url)
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


async def test_story_11_a_stranger_gets_nothing_and_the_attempt_is_written_down(tmp_path: Path) -> None:
    stage = TelegramStage(tmp_path)
    await stories.somebody_elses_order_is_accepted(stage)
    stranger, stub = await stage.customer("外人"), stage.stub

    await stories.guesses(stranger)
    taken = next(one for one in stub.world.history if one.get("callback_query", {}).get("data") == "o.1.accept")
    await stub.pushes(taken)
    await stub.pushes(taken | {"update_id": 1, "callback_query": taken["callback_query"] | {"from": stranger.user.account}})
    await stranger.says("說明")
    await stranger.sees("報修")

    assert not any(stranger.shows(word) for word in stories.OF_THE_ORDER)
    await stage.closes()
    written = stories.refusals(tmp_path)
    assert written.count("no-such-order") >= 9
    assert "not-your-button" in written


async def test_story_12_after_a_weekend_away_each_gets_one_digest(tmp_path: Path, database_url: str) -> None:
    stage = TelegramStage(tmp_path, "週五 19:50", "vehicle", NINE_TO_FIVE, database=database_url)
    li, _wang, zhang = await stage.opens()
    manager = await stage.joins("何經理", "manager", li)
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
