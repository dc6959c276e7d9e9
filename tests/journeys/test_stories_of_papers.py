"""RULEBOOK 26's stories 3, 4, 5, 6 and 13, each written once and played by all on Telegram and by all on the web chat.

Stories 3 and 5 are played on both engines with either messenger; the others with Telegram on PostgreSQL and with the web
chat on SQLite, so that each of them has seen both messengers and both engines.
"""

from itertools import product
from pathlib import Path

import pytest

from tests.databases import ENGINES
from tests.journeys import stories
from tests.journeys.stages import Stage, TelegramStage
from tests.journeys.story_of_goods import a_television_is_taken_back_and_goes_home_by_post
from tests.journeys.story_of_money import nothing_is_charged_that_was_not_agreed_to
from tests.journeys.story_of_parts import two_pumps_go_out_and_both_are_accounted_for
from tests.journeys.story_of_returns import a_fault_is_answered_by_its_day
from tests.journeys.web_stage import WebStage

EVERYWHERE = pytest.mark.parametrize(
    ("messenger", "database_url"), list(product((TelegramStage, WebStage), ENGINES)), indirect=["database_url"]
)
EACH_ONCE = pytest.mark.parametrize(
    ("messenger", "database_url"), [(TelegramStage, "postgresql"), (WebStage, "sqlite")], indirect=["database_url"]
)


@EVERYWHERE
async def test_story_3_what_was_signed_is_what_was_done(messenger: type[Stage], tmp_path: Path, database_url: str) -> None:
    await stories.what_was_signed_is_what_was_done(messenger(tmp_path, database=database_url))


@EACH_ONCE
async def test_story_3_a_picture_used_twice_is_flagged(messenger: type[Stage], tmp_path: Path, database_url: str) -> None:
    await stories.a_signature_picture_used_twice_is_flagged(messenger(tmp_path, database=database_url))


@EACH_ONCE
async def test_story_4_money_is_agreed_received_and_in_by_noon(
    messenger: type[Stage], tmp_path: Path, database_url: str
) -> None:
    await nothing_is_charged_that_was_not_agreed_to(messenger(tmp_path, "週五 10:00", database=database_url))


@EVERYWHERE
async def test_story_5_two_pumps_go_out_and_both_are_accounted_for(
    messenger: type[Stage], tmp_path: Path, database_url: str
) -> None:
    await two_pumps_go_out_and_both_are_accounted_for(messenger(tmp_path, "週五 10:00", database=database_url))


@EACH_ONCE
async def test_story_6_a_television_is_taken_back_and_goes_home_by_post(
    messenger: type[Stage], tmp_path: Path, database_url: str
) -> None:
    await a_television_is_taken_back_and_goes_home_by_post(messenger(tmp_path, "週五 10:00", database=database_url))


@EACH_ONCE
async def test_story_13_a_fault_is_answered_by_its_day(messenger: type[Stage], tmp_path: Path, database_url: str) -> None:
    await a_fault_is_answered_by_its_day(messenger(tmp_path, "週五 10:00", "retail", database=database_url))
