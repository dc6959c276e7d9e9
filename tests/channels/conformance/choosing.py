"""Which rigs a test runs over: those that can do what it is about, so that none passes by doing nothing."""

import pytest

from tests.channels.conformance.rigs.base import Able, Trouble
from tests.channels.conformance.rigs.every import RIGS


def those(*, able: Able) -> pytest.MarkDecorator:
    """Over the rigs that are able to."""
    return pytest.mark.parametrize("rig", [name for name, one in RIGS.items() if able not in one.lacks], indirect=True)


def others(*, lacking: Able) -> pytest.MarkDecorator:
    """Over the rigs that are not."""
    return pytest.mark.parametrize("rig", [name for name, one in RIGS.items() if lacking in one.lacks], indirect=True)


def meeting(*troubles: Trouble, rig: str = "rig") -> pytest.MarkDecorator:
    """Over each trouble with each rig to which it can happen; `rig` is the fixture's name."""
    pairs = [(name, trouble) for trouble in troubles for name, one in RIGS.items() if trouble in one.faults]
    return pytest.mark.parametrize((rig, "trouble"), pairs, indirect=[rig])
