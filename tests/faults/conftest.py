"""What the long runs share: the forking process, and figures that are printed at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import libfaketime
import pytest

from tests.faults.zygote import Zygote

FAKETIME = str(next(Path(libfaketime.__file__).parent.rglob("libfaketime.so.1")))
Figures = Callable[..., None]


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """The program, imported once."""
    process = Zygote()
    yield process
    process.close()


@pytest.fixture(scope="session")
def turned_zygote() -> Iterator[Zygote]:
    """The same for programs whose clock is turned."""
    process = Zygote(LD_PRELOAD=FAKETIME, DONT_FAKE_MONOTONIC="1", TZ="UTC")
    yield process
    process.close()


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Figures:
    """`figures("K", "kills on SQLite", kills=50)`: added up over all tests of a run; of what begins with most_ the highest."""

    def tell(row: str, what: str, **numbers: float) -> None:
        record_property("figures", {"row": f"{row:5} {what}", "numbers": numbers})

    return tell
