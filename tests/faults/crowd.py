"""People who work the job without a script: they look at their chat and do what comes next, now and then something else."""

import asyncio
import random
from contextlib import suppress

from tests.stage import photo
from tests.stubs.telegram import Message, TelegramStub, User

# What people would rather press. Whoever has to do with an order finds what comes next among these.
NEXT = (
    *("派 ", "接單", "☐", "打通了", "出發", "到了", "聽：", "看：", "查：", "處理：", "客戶試機", "簽名", "離場簡報"),
    *("就這樣回報", "沒問題，送出", "就這些", "核准", "我來處理", "修好了", "正常", "保固內", "自然磨損", "無（自然損耗）"),
    *("同意", "市區", "客戶本人", "否", "跳過", "已報請"),
)
SELDOM = ("取消", "上一題", "修改", "退回", "語言", "English", "简体", "未簽名", "爭議")
# Answers by what a question says; anything else is answered with the last one.
ANSWERS = (
    ("品牌和型號", "大金 FTXV50"),
    ("完整地址", "台北市大安區和平東路一段 1 號"),
    ("電話", "0912-345-678"),
    ("哪一位", "張先生"),
    ("由誰簽名", "張先生"),
    ("幾公里", "20"),
    ("用了幾個", "1"),
    ("哪一天", "明天下午2點"),
    ("", "換了水管，試過了"),
)
BEGINNINGS = {"customer": ("客廳冷氣漏水", "冰箱不冷", "報修"), "staff": ("待處理", "我的案件", "說明")}
ODD = ("", "字" * 2500, "\u202e反過來\u202c", "{number}", "<b>王</b>", "取消", "說明", "2611-0001", "📷", "/nothing", "=1+1")


class Somebody:
    """One person in front of Telegram, with habits of his own."""

    def __init__(self, stub: TelegramStub, user: User, role: str, seed: int) -> None:
        self.stub, self.user, self.role = stub, user, role
        self.random = random.Random(seed)
        self.n_acts = 0
        self._pictures = [photo(f"{user.name}{n}", size=(160, 120)) for n in range(6)]

    async def live(self) -> None:
        """Until cancelled: do something, then wait for news, seldom for a moment only."""
        await self.user.starts()
        while True:
            n_seen = len(self.user.chat.appearances)
            await self.act()
            self.n_acts += 1
            patience = 0.05 if self.random.random() < 0.1 else 1.5
            await self.stub.world.wait_for(lambda seen=n_seen: len(self.user.chat.appearances) > seen, patience)

    async def act(self) -> None:
        roll = self.random.random()
        if roll < 0.03:
            await self.user.says(self.random.choice(ODD) or "…")
        elif roll < 0.06:
            await self._sends_something()
        elif roll < 0.10 and self.user.messages:
            await self._presses(self.random.choice(self.user.messages[-12:]))
        else:
            await self._goes_on()

    async def _goes_on(self) -> None:
        """Answer the newest question, or press what comes next."""
        newest = next((one for one in reversed(self.user.messages[-8:]) if one.is_bots and one.keyboard), None)
        is_idle = newest is None or not any(word in label for label in newest.buttons for word in (*NEXT, "取消"))
        if is_idle and self.role == "technician" and self.random.random() < 0.8:
            return  # he waits for a job
        if newest is None or (is_idle and self.random.random() < 0.5):
            await self.user.says(self.random.choice(BEGINNINGS["customer" if self.role == "customer" else "staff"]))
        elif _wants_words(newest):
            await self.user.says(next(answer for words, answer in ANSWERS if words in newest.text))
        elif "拍" in newest.text and self.random.random() < 0.7:
            await self.user.sends_photo(self.random.choice(self._pictures))
        else:
            await self._presses(newest)

    async def _presses(self, message: Message) -> None:
        tokens = [(one["text"], one["callback_data"]) for row in message.keyboard for one in row if "callback_data" in one]
        if not tokens:
            return
        weights = [_liking(label, n) for n, (label, _token) in enumerate(tokens)]
        _label, token = self.random.choices(tokens, weights)[0]
        for _ in range(2 if self.random.random() < 0.05 else 1):  # a double tap
            await self.user.presses_token(message, token)

    async def _sends_something(self) -> None:
        choice = self.random.randrange(4)
        if choice == 0:
            await self.user.sends_photo(self.random.choice(self._pictures), album=self.random.choice((None, "album")))
        elif choice == 1:
            await self.user.sends_voice(b"OggS" + self.random.randbytes(200))
        elif choice == 2:
            await self.user.shares_location(25.03, 121.54)
        else:
            await self.user.sends_sticker()


def _wants_words(message: Message) -> bool:
    """Whether nothing can be pressed that would be an answer."""
    return {label.removeprefix("← ") for label in message.buttons} <= {"取消", "上一題"}


def _liking(label: str, place: int) -> float:
    if any(word in label for word in SELDOM):
        return 0.1
    if any(word in label for word in NEXT):
        return 40 - min(place, 10)
    return 2


class Crowd:
    """Everybody at once; `stop` sends them home."""

    def __init__(self, people: list[Somebody]) -> None:
        self.people = people
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(one.live()) for one in self.people]

    async def stop(self) -> None:
        """Raises what went wrong with a person, if something did."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    @property
    def n_acts(self) -> int:
        return sum(one.n_acts for one in self.people)
