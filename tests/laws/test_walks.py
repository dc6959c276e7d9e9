"""The conversation laws of DESIGN 3, by random walk over every flow: 100,000 turns."""

import pytest

from handlers.flowbook import ENGINE
from rules.policies import PROFILES
from tests.laws.walker import Walk

TURNS = 100_000
WALKS = 20


@pytest.mark.parametrize("seed", range(WALKS))
def test_the_laws_hold_whatever_people_do(seed: int) -> None:
    walk = Walk(seed, profile="appliance" if seed % 2 else PROFILES[seed // 2 - 1])  # the factory first

    walk.run(TURNS // WALKS)

    assert walk.n_turns == TURNS // WALKS
    assert len(walk.flows) >= 12, walk.flows
    assert set(walk.flows) <= set(ENGINE.flows)
