"""The company as the desk knows it: name, language, policy and working calendar."""

from datetime import UTC, date, datetime

import holidays

from bot.settings import Settings, SettingsError
from handlers.turn import Company
from rules.policies import Policy, PolicyError, read_policy, to_calendar
from rules.terms import Terms

_YEARS = (-1, 4)  # relative to this year: clocks look back a little and ahead


def load_company(settings: Settings) -> Company:
    """Everything but the invitation link. Raises SettingsError that names POLICY_FILE and the key that is wrong."""
    file = settings.policy_file
    try:
        policy = read_policy(file.read_text(encoding="utf-8"), str(file))
    except PolicyError as error:
        raise SettingsError(f"POLICY_FILE: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"POLICY_FILE: {file} can't be read ({type(error).__name__})") from error
    days_off, days_on = public_days(policy)
    return Company(
        name=settings.company_name,
        zone=settings.timezone,
        region=settings.region,
        language=settings.language,
        branch=settings.branch,
        terms=Terms(policy, to_calendar(policy, settings.timezone, days_off, days_on)),
        public_url=settings.public_url,
    )


def public_days(policy: Policy, *, year: int | None = None) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays and make-up working days of the policy's country for the years around `year` (SLA-28)."""
    if not policy.calendar.holidays:
        return frozenset(), frozenset()
    this_year = year or datetime.now(UTC).year
    known = holidays.country_holidays(policy.calendar.holidays, years=range(this_year + _YEARS[0], this_year + _YEARS[1]))
    makeup = frozenset(getattr(known, "weekend_workdays", ()))
    return frozenset(known) - makeup, makeup
