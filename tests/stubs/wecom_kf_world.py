"""What the stub knows of 微信客服: accounts, customers with their sessions, and the log that `sync_msg` reads from."""

import itertools
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.stubs.wecom_world import DAY, App, World

OPEN_KFID = "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q"
ALLOWANCE, WINDOW_SECONDS, WELCOME_SECONDS, TOKEN_SECONDS = 5, 2 * DAY, 20, 600
NEW, ASSISTANT, QUEUED, STAFFED, ENDED = range(5)
CUSTOMER, SYSTEM, COLLEAGUE = 3, 4, 5


@dataclass(eq=False)
class Said:
    """One message in a customer's chat."""

    id: str
    is_ours: bool
    kind: str = "text"
    text: str = ""  # everything one can read
    menu: list[dict[str, Any]] = field(default_factory=list)
    data: bytes = b""


@dataclass(eq=False)
class Customer:
    """Somebody on plain WeChat."""

    user: str
    name: str
    messages: list[Said] = field(default_factory=list)
    state: int = ENDED
    spoke_at: float | None = None
    n_left: int = 0  # messages that may still be sent
    welcomed_at: float | None = None
    refuses: bool = False
    fail_type: int = 0  # a message is taken, and then does not arrive: with this reason

    @property
    def ours(self) -> list[Said]:
        return [one for one in self.messages if one.is_ours]


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    at: float
    message: dict[str, Any]


class KfWorld:
    """State of one account of 微信客服 at one corp."""

    def __init__(self, world: World, app: App) -> None:
        self.world, self.app = world, app
        self.customers: dict[str, Customer] = {}
        self.log: list[Entry] = []
        self.codes: dict[str, tuple[Customer, float]] = {}  # welcome code -> (whom, until)
        self.tokens: dict[str, float] = {}  # of callbacks -> until
        self.msgids: set[str] = set()
        self.scenes: list[str] = []
        self.tokenless: list[float] = []  # when somebody asked without a good token
        self.is_strict = False  # whether a bad token is refused rather than counted as none
        self.page = 1000
        self.gaps = 0  # how many of the next pages are empty, though there is more
        self._numbers = itertools.count(4_622_416_642_169_452_483)

    def now(self) -> float:
        return self.world.clock()

    def state(self, customer: Customer) -> int:
        """A session ends by itself after 48 hours of silence."""
        is_over = customer.spoke_at is None or self.now() - customer.spoke_at >= WINDOW_SECONDS
        return ENDED if is_over else customer.state

    def heard(self, customer: Customer) -> None:
        """A word of the customer's."""
        if self.state(customer) == ENDED:
            customer.state = NEW
        customer.spoke_at, customer.n_left = self.now(), ALLOWANCE

    def welcome_code(self, customer: Customer) -> str:
        """A code to greet with, unless there was a greeting or a word within 48 hours."""
        moments = [one for one in (customer.welcomed_at, customer.spoke_at) if one is not None]
        if moments and self.now() - max(moments) < WINDOW_SECONDS:
            return ""
        code = secrets.token_urlsafe(16)
        self.codes[code] = (customer, self.now() + WELCOME_SECONDS)
        return code

    def write(self, customer: Customer, origin: int, msgtype: str, told: dict[str, Any]) -> dict[str, Any]:
        """A line in the log, as sync_msg gives it."""
        number = next(self._numbers)
        message: dict[str, Any] = {"msgid": f"from_msgid_{number}", "send_time": int(self.now()), "origin": origin}
        if msgtype == "event":
            told = {"open_kfid": OPEN_KFID, "external_userid": customer.user} | told
        else:
            message |= {"open_kfid": OPEN_KFID, "external_userid": customer.user}
        message |= {"msgtype": msgtype, msgtype: told}
        self.log.append(Entry(self.now(), message))
        return message

    def callback_token(self) -> str:
        token = f"ENC{secrets.token_urlsafe(24)}"
        self.tokens[token] = self.now() + TOKEN_SECONDS
        return token
