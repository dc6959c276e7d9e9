"""Random walks through the desk: people press and type whatever comes to mind, and the laws have to hold after every turn."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace

from sqlalchemy import select

from handlers.bubbles import Button
from handlers.flowbook import ENGINE
from handlers.photo_questions import Photos
from rules.orders import WorkOrder
from rules.people import Person, Role
from storage import conversations, people, stock
from storage.conversations import Conversation
from storage.tables import outbox
from tests import affairs, depot, plays
from tests.room import Phone, Room
from texts import catalog

Play = Callable[[SimpleNamespace], None]
TURNS_A_ROOM = 500
HOSTILE = (
    *(
        "",
        " ",
        "。",
        "1",
        "２",
        "99999",
        "-5",
        "3.5 公里",
        "１２，５００",
        "<b>王</b> *粗體* _x_ [a](b)",
        "{number} {0.__class__}",
    ),
    *("\u202e反過來\u202c", "👩‍🔧🔧" * 20, "字" * 2500, "字" * 5000, "取消", "上一題", "跳過", "稍後", "繼續", "說明"),
    *("我的案件", "待處理", "到了", "出發", "接單", "簽名", "完工", "聽", "看", "查", "處理", "2611-0001", "2611-9999"),
    *("order 26110001", "/start", "/nothing", "/help", "/find 張", "/join abc", "用了 2 個 A123", "用了 0 個 x", "改名"),
    *("明天下午2點", "11/30 14:00", "2026-13-45", "下週一", "0912-345-678", "張先生 0912 345 678", "是", "否", "對", "y"),
    *("no", "就這些", "沒問題，送出", "' OR 1=1 --", "=1+1", "\x00\x07", "q.1.1.0", "報修", "登記來電", "查詢", "邀請同事"),
    *("語言", "找真人", "投訴", "我要投訴 師傅態度很差", "客訴", "待辦", "評分", "261101", "A261101", "2611100", "4434"),
    *("1111 很差", "44", "2222，還好", "倉庫", "我的零件", "領料", "加零件", "1.5 個 P-100", "P-", "0"),
)
TOKENS = (
    *("q.1.1.0", "o.999.accept", "o.1", "x", "q.a.b.c", "m.nothing", "d.1.arrival", "d.complaint:1.case", "d.nothing:1.case"),
    *("c.1.decide", "c.1.nothing", "c.x.card", "v.1.attitude.9", "v.2.money.maybe", "t.1.done", "h.1.confirm.gm"),
    *("j.1.issue", "j.2.old.9", "j.x.card", "j.3.adjust", "i.count.99", "i.back.1-1", "i.back.x", "i.nothing"),
)
PLAUSIBLE = (
    "冷氣漏水",
    "大金 FTXV50",
    "台北市大安區和平東路一段 1 號",
    "張先生",
    "0912-345-678",
    "換了水管",
    "客戶同意",
    "3",
    "2 個 P-100",
    "H-16",
)
CODES = ((), (), ("P-100",), ("H-16", "4711234567899"), ("\u202e{number}" + "9" * 600, "\x00"))
"""What stands on photos in bars, where a question takes that."""
BEGINNINGS = (
    *(plays.dispatched, plays.on_site, plays.on_site, plays.finished, plays.signed),
    *(affairs.gets_card, affairs.is_rated_low, affairs.is_rated_low),
    *(depot.furnished, depot.furnished),
)
WEIGHTS = (3, 1, 3, 1, 6, 2, 1)
"""How busy the people of every room are."""
AFFAIRS = (affairs.to_quality, affairs.to_synthesis, affairs.to_decision, affairs.to_execution)


@cache
def _beginning(profile: str, play: Play | None) -> list[Phone]:
    """The people of a room in which some of the job was done already; walks begin in copies of it."""
    room = Room.open(profile)
    cast = [
        room.person("張先生"),
        room.person("外人"),
        room.person("李主任", Role.SUPERVISOR, Role.ADMINISTRATOR),
        room.person("陳小姐", Role.CLERK),
        room.person("王師傅", Role.TECHNICIAN),
        room.person("趙師傅", Role.TECHNICIAN, language="zh-Hans"),
        room.person("Manager", Role.MANAGER, language="en"),
    ]
    zhang, _, li, _, wang, *_ = cast
    if profile == "appliance":
        cast.append(room.person("服務部、副總", Role.SERVICE_DEPT, Role.DEPUTY_GM))
        keeper = room.person("林倉管", Role.WAREHOUSE, Role.PLANNER, Role.CLAIMS, Role.STATION)
        cast.append(keeper)
        depot.fill_catalogue(room)
    if profile == "factory":
        departments = {name: room.person(role, role) for name, (_called, role) in affairs.DEPARTMENTS.items()}
        cast += departments.values()
    else:
        departments = {"li": li, "wang": wang} | ({"lin": keeper} if profile == "appliance" else {})
    if play:
        play(SimpleNamespace(room=room, zhang=zhang, **departments))
    else:
        plays.brought_on_site(room, zhang, li, wang)
    return cast


@dataclass
class Walk:
    """One walk; `step` takes one turn and checks every law."""

    seed: int
    profile: str = "appliance"
    n_turns: int = 0
    flows: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self._open()

    def _open(self) -> None:
        if self.profile == "appliance":
            play: Play | None = self.random.choice(BEGINNINGS)
        else:
            play = self.random.choice(AFFAIRS) if self.profile == "factory" else None
        cast = _beginning(self.profile, play)
        self.room = cast[0].room.copied()
        self.phones = [one.moved(self.room) for one in cast]
        self.weights = [*WEIGHTS, *(2 if self.profile == "appliance" else 3 for _ in cast[len(WEIGHTS) :])]

    def run(self, n_turns: int) -> None:
        for n in range(n_turns):
            if n and n % TURNS_A_ROOM == 0:
                self._close()
                self._open()
            self.step()
        self._close()

    def _close(self) -> None:
        """Whatever was done with parts, each balance is what its movements add up to."""
        assert stock.flaws(self.room.connection) == []
        self.room.close()

    def step(self) -> None:
        self.n_turns += 1
        self.room.later(seconds=self.random.choice((0, 1, 1, 30, 600)))
        phone = self.random.choices(self.phones, self.weights)[0]
        before = self.room.newest()
        was = self._standing(phone)
        self._act(phone)
        self._check(phone, before, was)

    def _act(self, phone: Phone) -> None:
        """Mostly what a person would do: press what stands there, answer what was asked; sometimes anything at all."""
        roll, buttons = self.random.random(), phone.buttons(14)
        if buttons and roll < 0.55:
            weights = [_weight(one) for one in buttons]
            phone.presses_token(self.random.choices(buttons, weights)[0].token)
        elif roll < 0.58:
            other = self.random.choice(self.phones).buttons()
            phone.presses_token(self.random.choice(other).token if other else "o.1.card")
        elif roll < 0.60:
            phone.presses_token(self.random.choice(TOKENS))
        elif roll < 0.68:
            phone.sends_photo(
                f"photo{self.random.randrange(30)}",
                problem=self.random.choice(("", "", "", "too-large", "gone")),
                codes=self.random.choice(CODES),
            )
        elif roll < 0.72:
            self.random.choice((phone.sends_voice, phone.sends_file, phone.sends_sticker))()
        elif roll < 0.74:
            phone.shares_location(25.03 + self.random.random() / 50, 121.54, self.random.choice(("", "大安區")))
        elif roll < 0.75:
            phone.shares_contact("李四", self.random.choice(("0922000111", "abc")))
        elif roll < 0.90:
            phone.says(self.random.choice(PLAUSIBLE))
        else:
            phone.says(self.random.choice(HOSTILE))

    def _standing(self, phone: Phone) -> object:
        """The conversation that a person is in, as it is stored."""
        return self.room.raw_row("SELECT * FROM conversations WHERE person_id = ? AND state = 'live'", phone.id)

    def _check(self, phone: Phone, before: int, was: object) -> None:
        live = conversations.live(self.room.connection, phone.id)
        self._answered(phone, before, was)
        if live is None:
            return
        self.flows[live.flow] += 1
        self._restarts(live)
        roll = self.random.random()
        if roll > 0.6:
            self._speaks(phone, live)
        if roll < 0.1:
            self._goes_back(phone, live)
        elif roll < 0.2:
            self._goes_on(phone, live)

    def _answered(self, phone: Phone, before: int, was: object) -> None:
        """Never silent, but for the second tap of a double tap."""
        spoke = self.room.newest() > before
        is_double_tap = was is not None and not spoke and self._standing(phone) == was
        assert spoke or is_double_tap, f"{phone.name} got no answer (seed {self.seed}, turn {self.n_turns})"

    def _restarts(self, live: Conversation) -> None:
        """Restart law, and replay writes nothing: from the stored answers alone the same question is pending."""
        n_changes = self.room.raw("SELECT total_changes()")
        turn = _Reading(self.room, live.person)
        pending = ENGINE.replayed(turn, live).pending  # type: ignore[arg-type]
        assert pending is not None, f"{live.flow} stands without a question (seed {self.seed}, turn {self.n_turns})"
        assert pending.key == live.asked, f"{live.flow}: asked {live.asked}, after a restart {pending.key}"
        assert self.room.raw("SELECT total_changes()") == n_changes

    def _speaks(self, phone: Phone, live: Conversation) -> None:
        """Every question has words in every language, a way out, and labels for its buttons."""
        turn = _Reading(self.room, live.person)
        body = ENGINE.prompt(live, ENGINE.replayed(turn, live))  # type: ignore[arg-type]
        for language in catalog.LANGUAGES:
            bubble = phone.render(body, language)
            buttons = [one for row in bubble.rows for one in row]
            assert bubble.text.strip() and all(one.label for one in buttons)
            assert any(one.token == f"q.{live.id}.{live.turn}.x" for one in buttons)

    def _goes_back(self, phone: Phone, live: Conversation) -> None:
        """Back law: answering anew and going back leads to the same question with the same answers before it."""
        turn = _Reading(self.room, live.person)
        path = [one.key for one in ENGINE.replayed(turn, live).path]  # type: ignore[arg-type]
        answered = [key for key in path if key in live.answers]
        if not answered or any(isinstance(one, Photos) for one in ENGINE.replayed(turn, live).path[-1:]):  # type: ignore[arg-type]
            return
        phone.says("上一題")
        back = conversations.live(self.room.connection, phone.id)
        assert back is not None and back.id == live.id
        assert back.asked == answered[-1] or back.asked in path
        assert all(back.answers[key] == live.answers[key] for key in answered[:-1] if key in back.answers)

    def _goes_on(self, phone: Phone, live: Conversation) -> None:
        """Progress law: the first option of a question is an answer, and an answered question is not pending any more."""
        question = ENGINE.replayed(_Reading(self.room, live.person), live).pending  # type: ignore[arg-type]
        if question is None or not question.options() or isinstance(question, Photos):
            return
        phone.presses_token(f"q.{live.id}.{live.turn}.0")
        after = conversations.by_id(self.room.connection, live.id)
        assert after is not None
        newest = select(outbox.c.body).where(outbox.c.chat == phone.name).order_by(outbox.c.id.desc()).limit(1)
        was_refused = str(self.room.connection.execute(newest).scalar_one().get("text", "")).startswith("refused.")
        assert after.state != "live" or after.asked != live.asked or was_refused, f"{live.flow}.{live.asked} does not go on"


def _weight(button: Button) -> int:
    """People press what comes next far more often than what ends things."""
    if button.tone == "danger":
        return 1
    return 40 if button.tone == "primary" else 6


class _Reading:
    """As much of a turn as a replay needs."""

    def __init__(self, room: Room, person: int) -> None:
        self.connection = room.connection
        self.company = room.company
        self.terms = room.company.terms
        self.now = room.now
        self._person = person

    @property
    def person(self) -> Person:
        return people.person(self.connection, self._person)

    def under(self, _order: WorkOrder | None) -> "_Reading":
        """A room has one policy from beginning to end."""
        return self
