"""RULEBOOK's story 7, the departments on WeCom's app and the customer on 微信客服, from the complaint to the case after it."""

import sqlite3
from pathlib import Path

from tests import story
from tests.journeys.stages import WecomStage
from tests.story import Phone

DEPARTMENTS = {
    "方小姐": "case_office",
    "錢業務": "sales",
    "柯品管": "quality",
    "許課長": "manufacturing",
    "何經理": "manager",
    "郭總": "gm",
}


async def goes_through(phone: Phone, *answers: str) -> None:
    """Answer by answer: said or, with a `▸` before it, pressed as soon as it is offered."""
    for answer in answers:
        if answer.startswith("▸"):
            await phone.presses(answer.removeprefix("▸"))
        else:
            await phone.says(answer)


async def test_story_7_a_complaint_about_goods_from_the_form_to_the_new_case(tmp_path: Path) -> None:
    stage = WecomStage(tmp_path, "週一 08:50", "factory")
    li, _wang, zhang = await stage.opens()
    fang, qian, ke, xu, he, guo = [await stage.joins(name, role, li) for name, role in DEPARTMENTS.items()]
    stage.turns_to("週一 09:00")

    await goes_through(zhang, "我要投訴", "▸是", "板子焊不上", "▸就這些", "▸跳過", "▸否", "▸沒問題，送出")
    await zhang.sees("編號 261101")
    await goes_through(qian, "▸填抱怨處理表", "S-881", "PCB-4L-02", "11/2", "1000", "40", "退 40 片", "▸確定了", "40")
    await goes_through(qian, "焊盤氧化", "▸否", "▸就這些", "建議退換", "▸沒問題，送出")
    await fang.sees("客訴 261101", "全案最晚：12月6日 週日")
    await goes_through(fang, "▸收案分類", "▸品質異常")
    await ke.sees("261101")

    stage.turns_to("週二 08:59")
    assert not ke.shows("催辦單")
    stage.turns_to("週二 09:20")
    for held, head in ((ke, "R261101"), (he, "R261101")):
        await held.sees("催辦單", head, "品管調查逾時")
    stage.turns_to("週三 09:20")
    await ke.sees("催辦單 R261102")
    await goes_through(ke, "▸填調查結果", "鍍層過薄", "▸製造", "▸跳過")
    await goes_through(xu, "▸填製造分析", "藥液濃度偏低", "每班量測", "電鍍課")
    await goes_through(xu, "3 號線夜班", "甲班", "10/20", "▸否", "與設計無關")
    await goes_through(qian, "▸填洽談結果", "客戶要退", "退貨")
    await goes_through(fang, "▸寫綜合意見", "▸成立", "▸退貨", "8000", "製程失控", "6000")
    await story.asked(fang, ("責任單位", "▸製造"), ("百分", "70"), ("責任單位", "▸品管"), ("百分", "30"))
    await story.asked(fang, ("改善事項", "電鍍液每班量測"), ("哪個部門改善", "▸製造"), ("改善期限", "12/15"))
    await goes_through(fang, "我們會換 40 片新品給您", "▸沒問題，送出")
    await guo.sees("261101")

    stage.turns_to("下週六 09:20")
    assert not guo.shows("客訴結案：")
    stage.turns_to("下週日 09:20")
    await guo.sees("261101 核決：應在 12月6日 週日 09:02", "261101 客訴結案：應在 12月6日 週日 09:02")
    await guo.presses("核決")
    await fang.sees("有逾時的關卡", "品管調查")
    await goes_through(fang, "▸發洽辦單", "▸261101-Q1")
    await ke.sees("洽辦單 261101-Q1")
    await goes_through(ke, "▸答覆洽辦單", "儀器送修")
    await fang.sees("柯品管 說明", "儀器送修")

    await goes_through(qian, "▸答覆客戶", "▸就這樣答覆")
    await zhang.says("說明")  # his last word was two weeks ago: what we have to say waits for the next one
    await zhang.sees("我們會換 40 片新品給您")
    await goes_through(zhang, "▸不能接受", "換來的一樣壞")
    await zhang.sees("261201")
    await stage.closes()
    assert await stage.desk.run("audit") == (0, "all is well\n")
    assert _cases(tmp_path) == [("261101", "", "261201", 0), ("261201", "261101", "", 1)]


def _cases(folder: Path) -> list[tuple[str, str, str, int]]:
    """(number, the one before, the one after, whether it is open) of each complaint."""
    with sqlite3.connect(folder / "data" / "fieldhand.db") as connection:
        found = connection.execute(
            "SELECT number, json_extract(body, '$.previous_number'), json_extract(body, '$.next_number'), is_open "
            "FROM cases WHERE kind = 'complaint' ORDER BY number"
        ).fetchall()
    return [tuple(row) for row in found]
