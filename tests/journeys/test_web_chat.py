"""The program as a process of its own, played through its web chat, on SQLite and on PostgreSQL."""

from pathlib import Path

from storage.files import is_hash
from tests import story
from tests.journeys.leaks import TELEPHONE, found
from tests.stage import Program, WebPhone, photo
from tests.stubs.s3 import running_s3, settings_of


async def _three(desk: Program) -> tuple[WebPhone, WebPhone, WebPhone]:
    opened = [await WebPhone(desk.address, seat=seat).opens() for seat in ("customer", "supervisor", "technician")]
    return opened[0], opened[1], opened[2]


async def test_the_job_is_played_to_the_end(tmp_path: Path, database_url: str) -> None:
    """With the program executed as people do it; where this is of no account it is born in the tests' nursery."""
    desk = await Program(tmp_path, {"DATABASE_URL": database_url}, command=("-m", "bot")).start()
    zhang, li, wang = await _three(desk)

    await story.the_whole_job(zhang, li, wang)

    assert await desk.stop() == 0
    assert await desk.run("audit") == (0, "all is well\n")
    status, told = await desk.run("export", str(tmp_path / "papers"))
    assert (status, told) == (0, "1 orders\n")
    assert "大金 FTXV50" in (tmp_path / "papers" / "orders.csv").read_text(encoding="utf-8-sig")


async def test_a_conversation_and_a_session_survive_a_restart(tmp_path: Path) -> None:
    desk = await Program(tmp_path).start()
    zhang = await WebPhone(desk.address, seat="customer").opens()
    await zhang.says("客廳冷氣漏水")
    await zhang.sees("照片")
    await desk.stop()

    await desk.start()
    zhang.follow(desk.address)
    await zhang.presses("就這些")
    await zhang.sees("品牌和型號")
    await zhang.says("上一題")
    await zhang.sees("照片")


async def test_a_message_that_was_sent_twice_has_its_effect_once(tmp_path: Path) -> None:
    desk = await Program(tmp_path).start()
    zhang = await WebPhone(desk.address, seat="customer").opens()

    await zhang.says("客廳冷氣漏水", key="the-same-key")
    await zhang.says("客廳冷氣漏水", key="the-same-key")
    await zhang.sees("照片")
    await zhang.says("說明")

    await zhang.sees("回答這一題")
    assert sum(one["body"].get("text") == "客廳冷氣漏水" for one in zhang.messages.values()) == 1
    await desk.stop()


async def test_nobody_reads_somebody_else_s_chat_or_files(tmp_path: Path) -> None:
    desk = await Program(tmp_path).start()
    zhang = await WebPhone(desk.address, seat="customer").opens()
    await zhang.says("客廳冷氣漏水")
    await zhang.sees("照片")
    await zhang.sends_photo(photo("leak"))
    await zhang.sees("1 張照片")
    mine = next(one["body"]["photos"][0] for one in zhang.messages.values() if one["body"].get("photos"))
    stranger = await WebPhone(desk.address).opens()

    assert (await stranger.asks("/chat/api/state?seat=customer")).status_code == 401
    assert (await stranger.asks(f"/chat/file/{mine}")).status_code == 404
    assert (await stranger.asks("/chat/file/../../fieldhand.db")).status_code == 404
    assert (await stranger.presses_token("o.1.card", "1")).status_code in (200, 404)
    assert not stranger.shows("漏水")
    await desk.stop()


async def test_secrets_numbers_and_words_never_reach_the_log(tmp_path: Path) -> None:
    desk = await Program(tmp_path).start()
    zhang = await WebPhone(desk.address, seat="customer").opens()
    await story.reports(zhang)
    await desk.stop()

    log = desk.log()
    assert found(log, *TELEPHONE, "漏水", "和平東路", "張先生", "fh_") == []


async def test_health_readiness_and_metrics_are_served(tmp_path: Path) -> None:
    desk = await Program(tmp_path).start()
    somebody = await WebPhone(desk.address, seat="customer").opens()

    assert (await somebody.asks("/healthz")).json() == {"ok": True, "storage": True, "clock": True, "due": True}
    assert (await somebody.asks("/readyz")).json()["ok"] is True
    assert "fieldhand_updates_total" in (await somebody.asks("/metrics")).text
    await desk.stop()


async def test_a_copy_is_made_while_it_runs_and_put_back(tmp_path: Path) -> None:
    desk = await Program(tmp_path).start()
    zhang = await WebPhone(desk.address, seat="customer").opens()
    await story.reports(zhang)
    status, _ = await desk.run("backup", str(tmp_path / "copy.tar.gz"))
    await desk.stop()
    other = tmp_path / "elsewhere"
    other.mkdir()

    restored = Program(other)
    status_back, told = await restored.run("restore", str(tmp_path / "copy.tar.gz"))

    assert (status, status_back) == (0, 0)
    assert "held" in told
    assert await restored.run("audit") == (0, "all is well\n")


async def test_with_a_bucket_nothing_of_a_picture_is_left_on_the_machine(tmp_path: Path) -> None:
    with running_s3() as place:
        desk = await Program(tmp_path, settings_of(place)).start()
        zhang = await WebPhone(desk.address, seat="customer").opens()
        await story.reports(zhang)
        shown = next(one["body"]["photos"][0] for one in zhang.messages.values() if one["body"].get("photos"))

        assert (await zhang.asks(f"/chat/file/{shown}?seat=customer")).status_code == 200
        assert await desk.stop() == 0
        assert await desk.run("audit") == (0, "all is well\n")
        assert "✓ FILES_URL" in (await desk.run("check"))[1]
        assert [one for one in (tmp_path / "data").rglob("*") if is_hash(one.name)] == []
        assert place.secret not in desk.log()


async def test_a_damaged_copy_is_refused(tmp_path: Path) -> None:
    desk = await Program(tmp_path).start()
    await desk.run("backup", str(tmp_path / "copy.tar.gz"))
    await desk.stop()
    damaged = bytearray((tmp_path / "copy.tar.gz").read_bytes())
    damaged[len(damaged) // 2] ^= 0xFF
    (tmp_path / "copy.tar.gz").write_bytes(damaged)
    (tmp_path / "new").mkdir()

    status, told = await Program(tmp_path / "new").run("restore", str(tmp_path / "copy.tar.gz"))

    assert status == 1
    assert "nothing was changed" in told


async def test_the_command_line_explains_itself(tmp_path: Path) -> None:
    commands = ("run", "migrate", "invite", "staff", "import", "export", "replay", "audit", "backup", "restore", "check")
    for command in commands:
        status, told = await Program(tmp_path).run(command, "--help")
        assert (status, "Usage" in told) == (0, True), command
    status, told = await Program(tmp_path).run("check")
    assert (status, "appliance" in told) == (0, True)
    assert (await Program(tmp_path).run("invite", "technician"))[0] == 0
    assert (await Program(tmp_path).run("invite", "wizard"))[0] == 2
    status, told = await Program(tmp_path).run("staff")
    assert (status, "no staff yet" in told) == (0, True)
    status, told = await Program(tmp_path).run("staff", "--leave", "99")
    assert (status, "nobody on the staff has that number" in told) == (1, True)


async def test_customers_are_imported_whole_or_not_at_all(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("name,phone\n林太太,0922-000-111\n=張,02-2345-6789\n", encoding="utf-8")
    bad.write_text("name,phone\n林太太,0922-000-111\n無號碼,abc\n", encoding="utf-8")

    assert await Program(tmp_path).run("import", str(good)) == (0, "2 customers\n")
    status, told = await Program(tmp_path).run("import", str(bad))
    assert status == 1
    assert "line 3" in told
