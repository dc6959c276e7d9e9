"""A room with the usual cast."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from rules.people import Role
from tests.room import Room


@pytest.fixture
def room() -> Iterator[Room]:
    opened = Room.open()
    yield opened
    opened.close()


@pytest.fixture
def cast(room: Room) -> SimpleNamespace:
    """張先生, 外人, 李主任, 陳小姐, 王師傅, 趙師傅, each with a phone."""
    return SimpleNamespace(
        room=room,
        zhang=room.person("張先生"),
        stranger=room.person("外人"),
        li=room.person("李主任", Role.SUPERVISOR, Role.ADMINISTRATOR),
        chen=room.person("陳小姐", Role.CLERK),
        wang=room.person("王師傅", Role.TECHNICIAN),
        zhao=room.person("趙師傅", Role.TECHNICIAN),
    )
