"""The company as the desk knows it: name, language, policy and working calendar."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType

import holidays
import structlog

from bot.settings import Settings, SettingsError
from handlers.turn import Company
from rules.policies import Policy, PolicyError, read_policy, to_calendar
from rules.terms import Terms

log = structlog.get_logger()

_COUNTRIES = "holidays.countries"
_MAKES_UP = ("CN",)  # countries that work on some weekends every year
_YEARS = (-1, 4)  # relative to this year: clocks look back a little and ahead


def load_company(settings: Settings) -> Company:
    """Everything but the invitation link. Raises SettingsError that names POLICY_FILE and the key that is wrong."""
    policy = read_policy_file(settings)
    return Company(
        name=settings.company_name,
        zone=settings.timezone,
        region=settings.region,
        language=settings.language,
        branch=settings.branch,
        terms=to_terms(policy, settings.timezone),
        public_url=settings.public_url,
    )


def read_policy_file(settings: Settings) -> Policy:
    """The policy in force. Raises SettingsError that names POLICY_FILE and the key that is wrong."""
    file = settings.policy_file
    try:
        return read_policy(policy_text(settings), str(file))
    except PolicyError as error:
        raise SettingsError(f"POLICY_FILE: {error}") from error


def policy_text(settings: Settings) -> str:
    """What stands in the policy file. Raises SettingsError."""
    file = settings.policy_file
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"POLICY_FILE: {file} can't be read ({type(error).__name__})") from error


def to_terms(policy: Policy, zone: str) -> Terms:
    """A policy with its working calendar."""
    days_off, days_on = public_days(policy)
    return Terms(policy, to_calendar(policy, zone, days_off, days_on))


def with_earlier(company: Company, texts: Mapping[str, str]) -> Company:
    """The company with the terms of earlier policies, by version; what can't be read any more is left out with a warning."""
    earlier: dict[str, Terms] = {}
    for version, text in texts.items():
        try:
            earlier[version] = to_terms(read_policy(text, version), company.zone)
        except (PolicyError, ValueError) as error:
            log.warning("policy.unreadable", version=version, error=type(error).__name__)
    earlier.pop(company.terms.policy.version, None)
    return replace(company, terms=replace(company.terms, earlier=earlier))


def years_without_makeup_days(policy: Policy, *, this_year: int) -> tuple[int, ...]:
    """Of this year and the next, those for which the country's make-up days are not known yet (SLA-28)."""
    if policy.calendar.holidays not in _MAKES_UP:
        return ()
    own = {int(day[:4]) for day in policy.calendar.makeup_days}
    known = {day.year for day in public_days(policy, year=this_year)[1]} | own
    return tuple(year for year in (this_year, this_year + 1) if year not in known)


def public_days(policy: Policy, *, year: int | None = None) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays and make-up working days of the policy's country for the years around `year` (SLA-28)."""
    if not policy.calendar.holidays:
        return frozenset(), frozenset()
    this_year = year or datetime.now(UTC).year
    _read_no_other_country()
    known = holidays.country_holidays(policy.calendar.holidays, years=range(this_year + _YEARS[0], this_year + _YEARS[1]))
    makeup = frozenset(getattr(known, "weekend_workdays", ()))
    return frozenset(known) - makeup, makeup


def _read_no_other_country() -> None:
    """The library's package of countries reads in all 250 when one is asked for: 8 MB, and a tenth of a second of the start."""
    package = ModuleType(_COUNTRIES)
    package.__path__ = [str(Path(holidays.__file__).parent / "countries")]
    sys.modules.setdefault(_COUNTRIES, package)
