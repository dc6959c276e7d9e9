"""The fixed cast and the moments of its week (STYLE 9): people, calendars and policies for tests of rules."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rules.calendars import WorkingCalendar, parse_week
from rules.people import Person, Role
from rules.policies import Policy, read_policy
from rules.terms import Terms

TAIPEI = "Asia/Taipei"
MONDAY = date(2026, 11, 23)
BRANCH, OTHER_BRANCH = "台北", "高雄"
POLICIES = Path(__file__).parent.parent / "policies"

WANG = Person(1, "王師傅", frozenset({Role.TECHNICIAN}), BRANCH)
LI = Person(2, "李主任", frozenset({Role.SUPERVISOR}), BRANCH)
CHEN = Person(3, "陳小姐", frozenset({Role.CLERK}), BRANCH)
LIN = Person(4, "林倉管", frozenset({Role.WAREHOUSE}), BRANCH)
ZHOU = Person(5, "周會計", frozenset({Role.ACCOUNTANT}), BRANCH)
ZHANG = Person(6, "張先生", frozenset({Role.CUSTOMER}), phone="+886912345678")
STRANGER = Person(7, "外人", frozenset({Role.CUSTOMER}))
ZHAO = Person(8, "趙師傅", frozenset({Role.TECHNICIAN}), BRANCH)
MANAGER = Person(9, "吳經理", frozenset({Role.MANAGER}), BRANCH)
ADMINISTRATOR = Person(10, "管理員", frozenset({Role.ADMINISTRATOR}))
SUN = Person(11, "孫主任", frozenset({Role.SUPERVISOR}), OTHER_BRANCH)
SERVICE = Person(12, "鄭小姐", frozenset({Role.SERVICE_DEPT}))
OFFICE = Person(13, "方小姐", frozenset({Role.CASE_OFFICE}))
SALES = Person(14, "錢業務", frozenset({Role.SALES}))
QUALITY = Person(15, "柯品管", frozenset({Role.QUALITY}))
MAKING = Person(16, "許課長", frozenset({Role.MANUFACTURING}))
RND = Person(17, "杜工程師", frozenset({Role.RND}))
DEPUTY = Person(18, "高副總", frozenset({Role.DEPUTY_GM}))
GM = Person(19, "郭總", frozenset({Role.GM}))
CAST = (WANG, LI, CHEN, LIN, ZHOU, ZHANG, STRANGER, ZHAO, MANAGER, ADMINISTRATOR, SUN)

NINE_TO_FIVE = WorkingCalendar(TAIPEI, parse_week("Mon-Fri 09:00-17:00"))
"""Story 1's hours: Monday to Friday without a break."""

_MOMENT = re.compile(r"^(下*)週([一二三四五六日]) (\d{2}:\d{2}(?::\d{2})?)$")


def at(words: str) -> datetime:
    """Aware UTC of a moment of this week in Taipei such as "週五 16:00"; 下週一 is in the week after, 下下週一 two weeks on."""
    match = _MOMENT.match(words)
    assert match, f"{words!r} is not like 週五 16:00"
    day = MONDAY + timedelta(weeks=len(match[1]), days="一二三四五六日".index(match[2]))
    return datetime.combine(day, time.fromisoformat(match[3]), ZoneInfo(TAIPEI)).astimezone(UTC)


def policy_of(profile: str) -> Policy:
    """A profile as it is shipped."""
    file = POLICIES / f"{profile}.toml"
    return read_policy(file.read_text(encoding="utf-8"), file.name)


def terms_of(profile: str, calendar: WorkingCalendar = NINE_TO_FIVE) -> Terms:
    """A shipped profile under the hours of the stories."""
    return Terms(policy_of(profile), calendar)
