"""The owner's code: each start prints one until there is an owner, and only the first of them makes one."""

from rules.people import Role
from storage import invitations
from tests.room import Room


def printed(room: Room) -> str:
    return invitations.invite(room.connection, role=Role.ADMINISTRATOR, branch="main", by=None, now=room.now)


def test_once_there_is_an_owner_no_other_printed_code_makes_another(room: Room) -> None:
    first, second = printed(room), printed(room)
    li, stranger = room.stranger("李主任"), room.stranger("外人")

    li.says(f"/start {first}").sees("您現在是管理員和主管")
    stranger.says(f"/start {second}").sees("用過了")

    assert not stranger.who().is_staff


def test_whom_the_owner_invites_on_the_server_afterwards_is_an_administrator(room: Room) -> None:
    li, chen = room.stranger("李主任"), room.stranger("陳小姐")
    li.says(f"/start {printed(room)}").sees("您現在是管理員和主管")

    chen.says(f"/start {printed(room)}").sees("您現在是管理員和主管")

    assert Role.ADMINISTRATOR in chen.who().roles
