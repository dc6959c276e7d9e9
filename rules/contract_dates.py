"""Days of a contract: when its end is announced, when its visits fall (MNT-1, MNT-3, SLA-17)."""

from calendar import monthrange
from datetime import date, timedelta

from rules.calendars import WorkingCalendar
from rules.duty_policy import ContractPolicy, parse_notice

DAY = timedelta(days=1)
_MOST_DAYS_BACK = 14


def months_after(day: date, months: int) -> date:
    """The same day some months later, or earlier for a negative number; in a shorter month its last day (31 Dec → 30 Nov)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def notice_on(ends_on: date, policy: ContractPolicy) -> date:
    """The day on which customer and sales hear that a contract ends (MNT-1)."""
    months, days = parse_notice(policy.notice_before)
    return months_after(ends_on, -months) if months else ends_on - DAY * days


def months_of(starts_on: date, ends_on: date) -> int:
    """Whole months from the first day to the last, both included; 0 when it is no whole number of them."""
    after = ends_on + DAY
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    return months if months > 0 and months_after(starts_on, months) == after else 0


def visit_days(starts_on: date, ends_on: date, n_visits: int, calendar: WorkingCalendar) -> tuple[date, ...]:
    """When the visits of a contract are due, evenly spread, the last one by its end; on working days (MNT-3)."""
    months, days = months_of(starts_on, ends_on), (ends_on - starts_on).days + 1
    found = []
    for n in range(1, n_visits + 1):
        if months and months * n % n_visits == 0:
            due = months_after(starts_on, months * n // n_visits) - DAY
        else:
            due = starts_on + DAY * (days * n // n_visits - 1)
        found.append(_worked(max(due, starts_on), starts_on, calendar))
    return tuple(found)


def _worked(day: date, first: date, calendar: WorkingCalendar) -> date:
    """The day itself, or the last working day before it; where there is none since the contract began, the next one."""
    for n in range(_MOST_DAYS_BACK):
        if day - DAY * n < first:
            break
        if calendar.is_workday(day - DAY * n):
            return day - DAY * n
    return day if calendar.is_workday(day) else calendar.next_workday(day)
