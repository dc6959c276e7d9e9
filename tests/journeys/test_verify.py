"""The page behind the QR code of a signed paper (SIG-3)."""

from pathlib import Path

from sqlalchemy import select

from storage.engine import open_engine
from storage.tables import seals
from tests import story
from tests.journeys.leaks import TELEPHONE, found
from tests.stage import Program, WebPhone


async def test_whoever_holds_a_signed_paper_sees_that_it_is_genuine_and_a_guess_shows_nothing(tmp_path: Path) -> None:
    desk = await Program(tmp_path).start()
    zhang, li, wang = [await WebPhone(desk.address, seat=seat).opens() for seat in ("customer", "supervisor", "technician")]
    await story.the_whole_job(zhang, li, wang)

    copy = next(one["body"] for one in zhang.messages.values() if one["body"].get("files"))
    paper = await zhang.asks(f"/chat/file/{copy['files'][0]}?seat=customer")
    engine = open_engine(f"sqlite:///{tmp_path}/data/fieldhand.db")
    with engine.connect() as connection:
        digest = connection.execute(select(seals.c.digest)).scalar_one()
    engine.dispose()
    genuine, guessed = await zhang.asks(f"/verify/{digest}"), await zhang.asks(f"/verify/{'0' * 64}")

    assert paper.content.startswith(b"%PDF-")
    assert next(iter(copy["names"].values())).endswith(".pdf")
    assert genuine.status_code == 200
    assert "這是真的" in genuine.text
    assert found(genuine.text, "張先生", *TELEPHONE, "和平東路") == []
    assert guessed.status_code == 404
    assert "查無這份報告" in guessed.text
    for phone in (zhang, li, wang):
        await phone.closes()
    await desk.stop()
