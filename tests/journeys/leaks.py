"""What must never be found where it does not belong: telephones, addresses, words and secrets (RELIABILITY, Z)."""

import json
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from storage.engine import open_engine
from storage.tables import journal
from tests.stage import Program
from tests.stubs.telegram import Chat, TelegramStub

TELEPHONE = ("912345678", "912-345-678", "912 345 678")
"""The sample's number in every notation; fewer of its digits are found by chance, in a time of day or a digest."""
ADDRESS = ("和平東路",)
WORDS = ("漏水", "排水管", "張先生")


async def leaks(desk: Program, stub: TelegramStub, group: Chat, folder: Path) -> list[str]:
    """Everything that was found in logs, journal, group messages and papers after a story, with where it was."""
    secrets = (stub.token, stub.token.split(":")[1], desk.owner_code)
    met = list(_in(desk.log(), "log", (*TELEPHONE, *ADDRESS, *WORDS, *secrets)))
    met += _in(_journal(desk), "journal", (*TELEPHONE, *ADDRESS, *WORDS, *secrets))
    said = "\n".join(one.text for one in group.messages if one.is_bots)
    assert said, "the group was told nothing at all"
    met += _in(said, "group", (*TELEPHONE, *ADDRESS, *WORDS, *secrets))
    status, _told = await desk.run("export", str(folder))
    assert status == 0
    met += _in((folder / "orders.csv").read_text(encoding="utf-8-sig"), "orders.csv", (*TELEPHONE, *ADDRESS, *secrets))
    met += _in((folder / "orders.jsonl").read_text(encoding="utf-8"), "orders.jsonl", secrets)
    return met


def found(text: str, *words: str) -> list[str]:
    """Those of the words that the text holds: a failure names them."""
    return [word for word in words if word in text]


def _in(text: str, where: str, words: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{where}: {word}" for word in found(text, *words))


def _journal(desk: Program) -> str:
    """Every line of it; ids and figures are all that it may hold."""
    engine = open_engine(desk.environment()["DATABASE_URL"], is_writer=False)
    with engine.connect() as connection:
        lines = connection.execute(select(journal.c.facts, journal.c.message, journal.c.kind)).all()
    engine.dispose()
    return "\n".join(json.dumps([*line], ensure_ascii=False) for line in lines)
