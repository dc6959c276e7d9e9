"""What a channel is made of: everything that the composition root hands to a builder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.channels.base import Always, Duty
from bot.channels.webchat_door import Seat
from bot.settings import Settings
from storage.calls import Calls
from storage.writer import Store


@dataclass(frozen=True)
class Parts:
    """`load_file` gives the bytes of a stored file by SHA-256, in the copy that may be shown; it runs in a thread and raises
    OSError or LookupError. `on_fatal` ends the program with a reason in one line. `commands`: language -> command -> words.
    `holder` is this process's name where it holds something that others don't. `receives` gives a channel the duty to receive,
    for one that polls: it waits until that is `taken()` and stops when it is no longer held. `calls` reach the other processes
    at once.
    """

    settings: Settings
    store: Store
    load_file: Callable[[str], bytes]
    on_fatal: Callable[[str], None]
    commands: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    seats: Mapping[str, Seat] = field(default_factory=dict)
    holder: str = ""
    receives: Callable[[str], Duty] = lambda _channel: Always()
    calls: Calls = field(default_factory=Calls)
