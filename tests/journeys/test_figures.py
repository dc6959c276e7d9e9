"""The month's figures through the running program: asked for in chat, shown as a picture, downloaded (issue 5)."""

from pathlib import Path

from tests import story
from tests.stage import Program, WebPhone

_BEGINS = {"png": b"\x89PNG", "pdf": b"%PDF-", "xlsx": b"PK\x03\x04"}


async def test_the_picture_stands_in_the_chat_and_the_files_are_downloaded(tmp_path: Path) -> None:
    desk = await Program(tmp_path).start()
    zhang, li = [await WebPhone(desk.address, seat=seat).opens() for seat in ("customer", "supervisor")]
    await story.reports(zhang)

    await li.says("報表")
    await li.sees("報修 1 件，完成 0 件")
    await li.presses("📎 下載檔案")
    await li.sees("PDF 與 Excel 各一份")
    shown = [one["body"] for one in li.messages.values()]
    picture = next(one["photos"][0] for one in shown if "完成 0 件" in one["text"])
    named = {name.rpartition(".")[2]: sha256 for one in shown for sha256, name in one.get("names", {}).items()}

    for kind, sha256 in {"png": picture, **named}.items():
        answer = await li.asks(f"/chat/file/{sha256}?seat=supervisor")
        assert (answer.status_code, answer.content[:4]) == (200, _BEGINS[kind][:4]), kind
    assert set(named) == {"pdf", "xlsx"}
    assert (await zhang.asks(f"/chat/file/{picture}?seat=customer")).status_code == 404
    assert await desk.stop() == 0
    assert "paper.failed" not in desk.log()
