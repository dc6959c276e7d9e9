"""Every promise has its checker, and every checker its line."""

import re

from tests.laws.promises import PROMISES
from tests.stage import ROOT


def test_the_page_of_promises_names_every_checker_and_no_other() -> None:
    page = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")

    told = re.findall(r"\| `(\w+)\.py:(\w+)` \|", page)

    assert sorted(told) == sorted((one.__module__.rpartition(".")[2], one.__name__) for one in PROMISES)
