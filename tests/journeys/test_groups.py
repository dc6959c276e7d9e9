"""A Telegram group of the branch: bound there, told there, and what is pressed there is answered alone (CND-2)."""

from pathlib import Path

from tests import story
from tests.journeys.leaks import TELEPHONE, found
from tests.journeys.stages import NINE_TO_FIVE, TelegramStage
from tests.stage import PATIENCE


async def test_a_call_is_taken_in_the_branch_s_group_without_a_word_that_is_none_of_its_business(
    tmp_path: Path,
) -> None:
    stage = TelegramStage(tmp_path, "週五 10:00", week=NINE_TO_FIVE)
    li, wang, zhang = await stage.opens()
    stub = stage.stub
    group = stub.group("值班群")
    await li.user.says("/bind", group=group)
    await stub.world.wait_for(lambda: any("這個群組會收到" in one.text for one in group.messages), PATIENCE)
    await story.reports(zhang, with_photo=False)
    await li.presses("開放搶單")
    await stub.world.wait_for(lambda: any("開放搶單" in one.text for one in group.messages), PATIENCE)
    offer = next(one for one in group.messages if "開放搶單" in one.text)
    assert "台北市大安區" in offer.text

    await wang.user.presses_token(offer, offer.keyboard[0][0]["callback_data"])

    await wang.sees("接單了", "和平東路")
    taken = await stub.world.wait_for(lambda: any("由 王師傅 接手" in one.text for one in group.messages), PATIENCE)
    settled = await stub.world.wait_for(lambda: not offer.keyboard, PATIENCE)
    assert taken and settled
    assert found("\n".join(one.text for one in group.messages), "和平東路", *TELEPHONE, "漏水") == []
    await stage.closes()
