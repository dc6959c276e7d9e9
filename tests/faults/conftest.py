"""What the long runs share: figures that are printed at the end."""

from collections.abc import Callable

import pytest

Figures = Callable[..., None]


@pytest.fixture
def figures(record_property: Callable[[str, object], None]) -> Figures:
    """`figures("K", "kills on SQLite", kills=50)`: added up over all tests of a run; of what begins with most_ the highest."""

    def tell(row: str, what: str, **numbers: float) -> None:
        record_property("figures", {"row": f"{row:5} {what}", "numbers": numbers})

    return tell
