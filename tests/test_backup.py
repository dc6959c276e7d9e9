"""Copies: whole, of one moment, put back into either engine; nothing that was changed on the way goes unnoticed."""

import gzip
import io
import json
import random
import tarfile
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, Engine, func, select

from bot import backup as copies
from bot.audit import audit
from bot.backup import BackupError
from bot.settings import Settings, read_settings
from bot.shelves import UPLOADS, open_shelf
from rules.people import Role
from scheduler.clock import Clock
from storage import dump, inbox, living_cards, notes, outbox
from storage.engine import open_engine
from storage.tables import files as files_table
from storage.tables import meta, people
from storage.tables import outbox as parcels
from storage.writer import Store
from tests import plays
from tests.databases import ENGINES, Postgres, with_schema
from tests.room import Room, terms_of
from tests.stage import ROOT
from tests.storage.making import somebody
from tests.stubs.s3 import running_s3

PICTURES = ("簽名.jpg", "漏水.jpg")


@dataclass
class Desk:
    """A desk that stands still, with a job in it that is signed."""

    settings: Settings

    @property
    def engine(self) -> Engine:
        return open_engine(self.settings.database_url)

    def rows(self) -> dict[str, list[list[object]]]:
        """Everything that the database holds."""
        engine = open_engine(self.settings.database_url, is_writer=False)
        with dump.dumping(engine) as (_at, tables):
            found = {name: [json.loads(line) for line in lines] for name, lines in tables.items()}
        engine.dispose()
        return found

    def files(self) -> dict[str, bytes]:
        shelves = [open_shelf(self.settings), open_shelf(self.settings, UPLOADS)]
        return {f"{n}/{name}": shelf.get(name) for n, shelf in enumerate(shelves) for name in shelf.names()}

    def flaws(self) -> list[str]:
        engine = open_engine(self.settings.database_url, is_writer=False)
        found = list(audit(engine, open_shelf(self.settings)))
        engine.dispose()
        return found

    def does(self, statement: object) -> None:
        engine = self.engine
        with engine.begin() as connection:
            connection.execute(statement)  # type: ignore[call-overload]
        engine.dispose()


def settings_for(url: str, folder: Path, **others: str) -> Settings:
    policy = ROOT / "policies" / "appliance.toml"
    return read_settings(database_url=url, data_dir=folder, policy_file=policy, **others)


def played(settings: Settings) -> Desk:
    """A customer's report, a visit, a signature; and what else may lie about."""
    room = Room.open(url=settings.database_url)
    cast = SimpleNamespace(
        room=room,
        zhang=room.person("張先生"),
        stranger=room.person("外人"),
        li=room.person("李主任", Role.SUPERVISOR, Role.ADMINISTRATOR),
        wang=room.person("王師傅", Role.TECHNICIAN),
    )
    plays.signed(cast)
    cast.zhang.sends_photo(PICTURES[1])
    connection = room.connection
    inbox.put(connection, "web", "7", "7:1", {"half": "\ud83d", "nothing": "a\x00b", "words": "🛠️"}, now=room.now, holder="gone")
    notes.put(connection, "kf", "cursor", {"$at": "no moment", "deep": [None, 1.5, True]}, until=room.now)
    living_cards.keep_card(connection, 1, "order:1", "web", "7", ref="9", body_hash="", headline=None, now=room.now)
    connection.commit()
    room.close()
    for picture in PICTURES:
        open_shelf(settings).put(picture.encode())
    open_shelf(settings, UPLOADS).put(b"as it came")
    return Desk(settings)


@pytest.fixture(scope="module")
def urls(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """A new, empty database of either engine."""
    made: list[str] = []

    def make(engine: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('desk')}/fieldhand.db"
        made.append(postgres.make())
        return postgres.url(made[-1])

    yield make
    for name in made:
        postgres.drop(name)


@pytest.fixture(scope="module", params=ENGINES)
def desk(request: pytest.FixtureRequest, urls: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Look, but leave it as it is."""
    return played(settings_for(with_schema(urls(request.param)), tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def copy(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("copies") / "copy.tar.gz"
    copied = copies.backup(desk.settings, target)
    assert copied.flaws == []
    assert copied.n_files == len(PICTURES) + 1
    return target


@pytest.mark.parametrize("engine", ENGINES)
def test_a_copy_put_back_is_the_same_desk_in_either_engine(
    desk: Desk, copy: Path, urls: Callable[[str], str], tmp_path: Path, engine: str
):
    restored = Desk(settings_for(urls(engine), tmp_path / "data"))

    n_held = copies.restore(restored.settings, copy)

    before, after = desk.rows(), restored.rows()
    assert n_held == sum("waiting" in row for row in before["outbox"]) > 5
    for name in before.keys() - {"outbox", "meta"}:
        assert after[name] == before[name], name
    assert [row for row in after["meta"] if row[0] != "restored"] == before["meta"]
    assert without_moments(after["outbox"]) == without_moments(before["outbox"])
    assert restored.files() == desk.files()
    assert restored.flaws() == desk.flaws() == []


def without_moments(rows: list[list[object]]) -> list[list[object]]:
    """A table's rows but for what a restore changes: when they may go, and who holds them."""
    kept = [n for n, name in enumerate(rows[0]) if name not in ("not_before", "lease_until", "holder")]
    return [[row[n] for n in kept] for row in rows]


@pytest.mark.parametrize("engine", ENGINES)
def test_new_rows_get_new_numbers_after_a_restore(copy: Path, urls: Callable[[str], str], tmp_path: Path, engine: str):
    restored = Desk(settings_for(urls(engine), tmp_path))
    copies.restore(restored.settings, copy)

    with restored.engine.begin() as connection:
        highest = connection.execute(select(func.max(people.c.id))).scalar_one()
        assert somebody(connection, "新客人").id > highest


async def test_a_restored_desk_sends_nothing_until_it_is_let_and_catches_up_with_the_clock(copy: Path, tmp_path: Path):
    settings = settings_for(f"sqlite:///{tmp_path}/fieldhand.db", tmp_path)
    n_held = copies.restore(settings, copy)
    store = Store(settings.database_url)
    now = datetime.now(UTC)
    just_now = {"key": "clock.last", "value": now.isoformat()}
    await store.write(lambda c: c.execute(meta.insert().values(just_now)))  # the copy is but a minute old

    def claimable(at: datetime) -> int:
        return store.write_now(lambda c: len(outbox.claim(c, ["test"], holder="me", now=at)))

    assert claimable(now + timedelta(days=3650)) == 0
    await Clock(store, lambda: terms_of("appliance"), on_committed=lambda: None).tick()
    posted = store.read_now(lambda c: c.execute(select(parcels.c.dedup).where(parcels.c.dedup.is_not(None))).scalars().all())
    assert [one.split(":")[0] for one in posted if not one.startswith("unreach")].count("esc") == 0
    assert store.read_now(lambda c: c.execute(select(meta.c.key).where(meta.c.key == "restored")).all()) == []

    assert copies.release(settings) == n_held
    assert claimable(now + timedelta(seconds=1)) > 0
    store.close()


def test_a_copy_of_a_desk_at_work_is_of_one_moment(urls: Callable[[str], str], tmp_path: Path):
    for engine in ENGINES:
        settings = settings_for(with_schema(urls(engine)), tmp_path / engine)
        store, is_over = Store(settings.database_url), threading.Event()

        def work(store: Store = store, is_over: threading.Event = is_over, settings: Settings = settings) -> None:
            n = 0
            while not is_over.is_set():
                n += 1
                sha256 = open_shelf(settings).put(str(n).encode())
                store.write_now(lambda c, n=n, sha256=sha256: _note(c, n, sha256))  # type: ignore[misc]

        worker = threading.Thread(target=work)
        worker.start()
        while store.read_now(lambda c: c.execute(select(func.count()).select_from(meta)).scalar_one()) < 20:
            pass
        copies.backup(settings, tmp_path / f"{engine}.tar.gz")
        is_over.set()
        worker.join()
        store.close()

        restored = Desk(settings_for(urls(engine), tmp_path / f"{engine}-restored"))
        copies.restore(restored.settings, tmp_path / f"{engine}.tar.gz")
        rows = restored.rows()
        n_noted = len(rows["meta"]) - 2  # the names of the columns, and the note of the restore
        assert n_noted == len(rows["files"]) - 1 >= 20
        assert restored.flaws() == []


def _note(connection: Connection, n: int, sha256: str) -> None:
    """Two tables and a file that belong together."""
    connection.execute(meta.insert().values(key=f"n{n}", value=sha256))
    values = {"sha256": sha256, "mime": "text/plain", "size": len(str(n)), "meta": {}, "at": datetime.now(UTC)}
    connection.execute(files_table.insert().values(values))


def test_a_byte_changed_anywhere_in_a_copy_is_noticed(copy: Path, tmp_path: Path):
    """But for the few bits of a packed file that mean nothing: what comes out of it is the same then."""
    whole, dice = copy.read_bytes(), random.Random(20261125)
    places = {*range(16), *range(len(whole) - 16, len(whole)), *(dice.randrange(len(whole)) for _ in range(60))}
    settings = settings_for(f"sqlite:///{tmp_path}/new/fieldhand.db", tmp_path / "new")

    for place in sorted(places):
        damaged = bytearray(whole)
        damaged[place] ^= 1 << dice.randrange(8)
        (tmp_path / "damaged.tar.gz").write_bytes(damaged)
        if comes_out_of(damaged) != comes_out_of(whole) or damaged[:10] != whole[:10]:
            with pytest.raises(BackupError, match="nothing was changed"):
                copies.restore(settings, tmp_path / "damaged.tar.gz")
    assert list((tmp_path / "new").rglob("*")) == []


def comes_out_of(packed: bytes) -> bytes | None:
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error):
        return None


@pytest.mark.parametrize("length", [0, 9, 100, 0.5, -1])
def test_a_copy_that_was_cut_short_is_noticed(copy: Path, tmp_path: Path, length: float):
    whole = copy.read_bytes()
    n_bytes = int(len(whole) * length) if isinstance(length, float) else length
    (tmp_path / "cut.tar.gz").write_bytes(whole[:n_bytes])

    with pytest.raises(BackupError, match="nothing was changed"):
        copies.restore(settings_for(f"sqlite:///{tmp_path}/new.db", tmp_path), tmp_path / "cut.tar.gz")


def test_a_copy_is_never_put_into_a_desk_that_is_used(desk: Desk, copy: Path):
    before = desk.rows()

    with pytest.raises(BackupError, match="not empty"):
        copies.restore(desk.settings, copy)

    assert desk.rows() == before


def test_a_copy_never_replaces_another_file(desk: Desk, tmp_path: Path):
    (tmp_path / "papers.tar.gz").write_text("important")

    with pytest.raises(BackupError, match="exists already"):
        copies.backup(desk.settings, tmp_path / "papers.tar.gz")

    assert (tmp_path / "papers.tar.gz").read_text() == "important"


def test_a_copy_of_a_later_release_is_refused_in_clear_words(copy: Path, tmp_path: Path):
    later = with_contents(copy, tmp_path / "later.tar.gz", revision="0999")

    with pytest.raises(BackupError, match=r"later release.*0999"):
        copies.restore(settings_for(f"sqlite:///{tmp_path}/new.db", tmp_path), later)


def test_a_copy_with_a_file_that_nobody_listed_is_refused(copy: Path, tmp_path: Path):
    stuffed = with_contents(copy, tmp_path / "stuffed.tar.gz", more={"files/aa/stray": b"stray"})

    with pytest.raises(BackupError, match="damaged; nothing was changed"):
        copies.restore(settings_for(f"sqlite:///{tmp_path}/new.db", tmp_path), stuffed)


def with_contents(copy: Path, target: Path, *, more: dict[str, bytes] | None = None, **changed: str) -> Path:
    """A copy packed anew, with other words in its list of contents, or with files more."""
    with tarfile.open(copy) as archive:
        packed = {one.name: archive.extractfile(one).read() for one in archive.getmembers()}  # type: ignore[union-attr]
    packed["contents.json"] = json.dumps(json.loads(packed["contents.json"]) | changed).encode()
    with gzip.GzipFile("", "wb", 6, target.open("wb"), mtime=0) as file, tarfile.open(fileobj=file, mode="w|") as archive:
        for name, content in (packed | (more or {})).items():
            told = tarfile.TarInfo(name)
            told.size = len(content)
            archive.addfile(told, io.BytesIO(content))
    return target


def test_files_go_from_a_folder_into_a_bucket_and_back(desk: Desk, copy: Path, urls: Callable[[str], str], tmp_path: Path):
    with running_s3() as place:
        bucket = {"files_url": place.url, "files_endpoint": place.endpoint, "files_key_id": place.key_id}
        bucket |= {"files_secret": place.secret}
        there = Desk(settings_for(urls("sqlite"), tmp_path / "there", **bucket))
        copies.restore(there.settings, copy)
        assert there.flaws() == []
        copies.backup(there.settings, tmp_path / "back.tar.gz")
    back = Desk(settings_for(urls("sqlite"), tmp_path / "back"))
    copies.restore(back.settings, tmp_path / "back.tar.gz")

    assert back.files() == desk.files()
    assert back.flaws() == []
