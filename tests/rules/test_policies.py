"""Policy files: the figures that are shipped, and what a wrong file says about itself."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from rules.calendars import Span
from rules.policies import PROFILES, Base, Limit, PolicyError, parse_limit, quiet_hours, read_policy, to_calendar
from tests.cast import POLICIES, TAIPEI, policy_of

HOUR = timedelta(hours=1)


def error_of(text: str) -> str:
    with pytest.raises(PolicyError) as error:
        read_policy(text, "company.toml")
    return str(error.value)


def test_there_is_a_file_for_each_of_the_thirteen_lines_of_business():
    assert len(PROFILES) == 13
    assert sorted(file.stem for file in POLICIES.glob("*.toml")) == sorted(PROFILES)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_shipped_profile_is_read_and_has_a_calendar(profile: str):
    policy = policy_of(profile)

    assert policy.profile == profile
    assert len(policy.version) == 12
    assert to_calendar(policy, TAIPEI).next_workday(date(2026, 11, 27)) > date(2026, 11, 27)


@pytest.mark.parametrize(
    ("profile", "key", "length", "base"),
    [
        ("vehicle", "arrival", 24 * HOUR, Base.CLOCK),
        ("vehicle", "reply_far", 12 * HOUR, Base.CLOCK),
        ("vehicle", "written_contact", 12 * HOUR, Base.CLOCK),
        ("vehicle", "reply", 12 * HOUR, Base.CLOCK),
        ("appliance", "arrival_urban", 6 * HOUR, Base.WORKING),
        ("appliance", "arrival_suburban", 7 * HOUR, Base.WORKING),
        ("appliance", "reply", 4 * HOUR, Base.WORKING),
        ("campus", "arrival_near", HOUR / 4, Base.CLOCK),
        ("campus", "arrival_slip_far", HOUR / 3, Base.CLOCK),
        ("retail", "repair_done", timedelta(days=7), Base.DAYS),
    ],
)
def test_the_limits_are_those_of_the_rulebook(profile: str, key: str, length: timedelta, base: Base):
    limit = getattr(policy_of(profile).sla, key)

    assert (limit.length, limit.base) == (length, base)


def test_the_other_figures_are_those_of_the_rulebook():
    appliance, vehicle, factory = policy_of("appliance"), policy_of("vehicle"), policy_of("factory")

    assert appliance.fees.on_site_cash_limit == Decimal(200)
    assert appliance.dispatch.accept_minutes == 15
    assert appliance.dispatch.declines_alert == 2
    assert (appliance.hours.week_max, appliance.hours.day, appliance.hours.day_max) == (56, 8, 10)
    assert (appliance.hours.emergency_max, appliance.overtime.month_max) == (12, 46)
    assert (appliance.survey.levels, len(appliance.survey.aspects)) == (4, 4)
    assert (vehicle.sla.by_distance, vehicle.sla.near_km, vehicle.fees.need_approval) == (True, Decimal(100), "always")
    assert vehicle.sla.arrival_far is None
    assert vehicle.parts.old_part == "required"
    assert (factory.complaint.domestic_days, factory.complaint.foreign_days) == (13, 17)
    assert policy_of("machinery").fees.timing == "prepaid"
    assert policy_of("dealer4s").parts.allocator


def test_a_policy_says_which_text_it_came_from():
    first, second = read_policy('profile = "mall"', "a"), read_policy('profile = "mall" ', "a")

    assert first.version != second.version
    assert first.version == read_policy('profile = "mall"', "b").version


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("6wh", Limit(6 * HOUR, Base.WORKING)),
        ("1.5 wh", Limit(1.5 * HOUR, Base.WORKING)),
        ("24h", Limit(24 * HOUR, Base.CLOCK)),
        ("20min", Limit(HOUR / 3, Base.CLOCK)),
        ("7d", Limit(timedelta(days=7), Base.DAYS)),
        ("15min!10min", Limit(HOUR / 4, Base.CLOCK, warn_after=HOUR / 6)),
    ],
)
def test_lengths_of_time_are_read(text: str, limit: Limit):
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["", "6", "six hours", "6 weeks", "-6h", "0h", "15min!soon"])
def test_lengths_of_time_that_make_no_sense_are_refused(text: str):
    with pytest.raises(ValueError):
        parse_limit(text)


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ('profile = "appliance"\ncolour = "red"', 2, "colour: unknown key"),
        ('profile = "appliance"\n[sla]\narival_urban = "6wh"', 3, "sla.arival_urban: unknown key"),
        ('profile = "appliance"\n[sla]\n\narrival_urban = "six"', 4, "sla.arrival_urban: 'six' is not like"),
        ('profile = "bakery"', 1, "profile: must be one of vehicle, appliance"),
        ('name = "?"', 1, "profile: is missing"),
        ('profile = "mall"\n[fees]\ntiming = "sometimes"', 3, "fees.timing: 'sometimes' must be one of 'prepaid'"),
        ('profile = "mall"\n[parts]\nallocator = "yes"', 3, "parts.allocator: 'yes' must be a bool"),
        ('profile = "mall"\n[dispatch]\naccept_minutes = true', 3, "dispatch.accept_minutes: True must be a int"),
        ('profile = "mall"\n[dispatch]\naccept_minutes = -1', 3, "dispatch.accept_minutes: -1 must not be negative"),
        ('profile = "mall"\n[departure]\nrequired = "tools"', 3, "departure.required: must be a list"),
        ('profile = "mall"\n[intake]\nrequired = ["hat"]', 3, "intake.required: 'hat' must be one of"),
        (
            'profile = "mall"\n[fees]\nsigned_by = ["resident"]',
            3,
            "fees.signed_by: 'resident' is not among signature.signer_roles",
        ),
        ('profile = "mall"\n[signature]\nsigner_roles = ["boss"]', 3, "signature.signer_roles: 'boss' must be one of"),
        ('profile = "mall"\n[visit]\nact = ["interrim"]', 3, "visit.act: 'interrim' must be one of"),
        ('profile = "mall"\nsla = 5', 2, "sla: must be a table"),
        ('profile = "mall"\n[calendar]\nweek = "Mon-Fry 09:00-17:00"', 3, "calendar.week: 'Fry' is no weekday"),
        ('profile = "mall"\n[calendar]\nweek = ""', 3, "calendar.week: no working day"),
        ('profile = "mall"\n[sla]\narrival_urban = "-6wh"', 3, "sla.arrival_urban: '-6wh' is not like"),
        ('profile = "mall"\n[sla]\narrival_urban = "0wh"', 3, "sla.arrival_urban: '0wh' has to be more than nothing"),
        ('profile = "mall"\n[calendar]\nweek = "Mon-Fri 09:00-12:00 11:00-17:00"', 3, "calendar.week: "),
        ('profile = "mall"\n[calendar]\nweek = "Mon-Fri 09:00-12:00; Wed 13:00-17:00 16:00-18:00"', 3, "calendar.week: "),
        ('profile = "mall"\n[calendar]\nweek = "Mon-Fri 25:00-26:00"', 3, "calendar.week: "),
        ('profile = "mall"\n[calendar]\nweek = "Mon-Fri 17:00-09:00"', 3, "calendar.week: "),
        ('profile = "mall"\n[calendar]\nmakeup_days = {"2026-12-05" = "09:00-12:00 11:00-15:00"}', 3, "calendar.makeup_days: "),
        ('profile = "mall"\n[calendar]\nmakeup_days = {"2026-13-01" = "09:00-17:00"}', 3, "calendar.makeup_days: "),
        ('profile = "mall"\n[calendar]\nmakeup_days = {"2026-12-05" = "9-17"}', 3, "calendar.makeup_days: '9-17'"),
        ('profile = "mall"\n[calendar]\nmakeup_days = {"2026-12-05" = 9}', 3, "calendar.makeup_days: "),
        ('profile = "mall"\n[calendar]\nextra_holidays = ["2026-12-05"]', 3, "calendar.extra_holidays: "),
        ('profile = "mall"\n[escalation]\nquiet = "at night"', 3, "escalation.quiet: 'at night' is not like 21:00-07:30"),
    ],
)
def test_a_wrong_file_says_file_line_and_key(text: str, line: int, key: str):
    assert error_of(text).startswith(f"company.toml:{line}: {key}")


def test_a_file_that_is_no_toml_says_where():
    assert error_of('profile = "mall"\n[sla').startswith("company.toml: ")
    assert "line 2" in error_of('profile = "mall"\nname = \n')


def test_none_switches_a_limit_off():
    assert read_policy('profile = "mall"\n[sla]\nreply = "none"', "a").sla.reply is None


def test_quiet_hours_are_read():
    assert quiet_hours(policy_of("appliance")) == (time(21), time(7, 30))


def test_public_make_up_days_are_worked_as_mondays_are():
    saturday = date(2026, 11, 28)
    policy = read_policy('profile = "mall"\n[calendar]\nweek = "Mon-Fri 09:00-17:00"', "a")

    assert to_calendar(policy, TAIPEI, makeup=[saturday]).local_spans(saturday) == (Span(time(9), time(17)),)


def test_the_company_s_own_days_beat_the_public_ones():
    text = 'profile = "mall"\n[calendar]\nweek = "Mon-Fri 09:00-17:00"\nextra_holidays = [2026-11-28, 2026-12-24]\n'
    text += 'makeup_days = {"2026-12-25" = "10:00-12:00"}'
    calendar = to_calendar(
        read_policy(text, "a"), TAIPEI, public_holidays=[date(2026, 12, 25)], makeup=[date(2026, 11, 28), date(2026, 12, 5)]
    )

    assert not calendar.is_workday(date(2026, 11, 28))
    assert not calendar.is_workday(date(2026, 12, 24))
    assert calendar.local_spans(date(2026, 12, 25)) == (Span(time(10), time(12)),)
    assert calendar.is_workday(date(2026, 12, 5))


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ('law = "消保法"\nfault_days = 14', "fault_days: 14 is less than the house's 15"),
        ('law = "消保法"\nfree_months = 2', "free_months: 2 is less than the house's 3"),
        ("fault_days = 30", "the law has to be named"),
        ('law = "消保法"\nlifts = ["RET-9"]', "must be one of"),
    ],
)
def test_a_law_may_only_give_the_customer_more_than_the_house_does(lines: str, problem: str):
    with pytest.raises(PolicyError, match=problem):
        read_policy(f'profile = "retail"\n\n[retail.statutory]\n{lines}', "retail.toml")

    law = read_policy(
        'profile = "retail"\n\n[retail.statutory]\nlaw = "消保法"\nfault_days = 30', "retail.toml"
    ).retail.statutory
    assert law is not None
    assert (law.fault_days, law.return_days) == (30, 7)
