"""Figures in exact numbers: targets to the letter, no data where nothing was counted, who sees what (KPI-1..8, 14, 15)."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from rules import figure_words
from rules.complaint_records import Answer, CaseStage, Handling, Opinion, Outcome, Passage, Verdict
from rules.complaints import Complaint
from rules.counting import Call, count_card, count_complaint, count_job, count_opinion, count_promise, repeated, repeats
from rules.figure_scopes import OF_A_TECHNICIAN, Scope, narrowed, read_scope, widest, within
from rules.figures import (
    TARGETS,
    Card,
    Count,
    Figure,
    Ledger,
    Measure,
    Source,
    by_month,
    by_technician,
    listed,
    means,
    measure,
    measures,
    percent,
)
from rules.months import Period, month_of, months_to, read_period, week_of
from rules.refusals import Refused
from tests.cast import BRANCH, CHEN, GM, LI, MANAGER, OTHER_BRANCH, SERVICE, TAIPEI, WANG, ZHANG, ZHAO, at

ORDER = Source("order:1", "2611-0001", BRANCH, "大金 FTXV50", (WANG.id,))
DUE = at("週五 16:00")
HOUR = timedelta(hours=1)


def of(figure: Figure, hits: int, out_of: int) -> Measure:
    return Measure(figure, hits, out_of, out_of, out_of - hits)


@pytest.mark.parametrize(
    ("figure", "hits", "out_of", "is_met"),
    [
        (Figure.TIMELINESS, 90, 100, True),
        (Figure.TIMELINESS, 8996, 10_000, False),
        (Figure.TIMELINESS, 899_999_999, 1_000_000_000, False),
        (Figure.SATISFACTION, 85, 100, True),
        (Figure.SATISFACTION, 84_999, 100_000, False),
        (Figure.COMPLAINTS, 2_999, 100_000, True),
        (Figure.COMPLAINTS, 3, 100, False),
        (Figure.MAJOR, 1, 100, True),
        (Figure.MAJOR, 1_001, 100_000, False),
        (Figure.CLOSING, 12, 12, True),
        (Figure.CLOSING, 11, 12, False),
        (Figure.FIRST_FIX, 1, 12, None),
        (Figure.OPINIONS, 1, 12, None),
    ],
)
def test_a_target_is_compared_with_the_exact_value(figure: Figure, hits: int, out_of: int, is_met: bool | None):
    """KPI-14: 89.96 per cent fails 90; less than 3 per cent is not 3."""
    assert of(figure, hits, out_of).is_met is is_met


def test_the_targets_are_the_rulebook_s():
    told = {one: (target.limit * 100, target.is_most, target.is_strict) for one, target in TARGETS.items()}

    assert told == {
        Figure.TIMELINESS: (90, False, False),
        Figure.SATISFACTION: (85, False, False),
        Figure.COMPLAINTS: (3, True, True),
        Figure.MAJOR: (1, True, False),
        Figure.CLOSING: (100, False, False),
        Figure.STAGES: (100, False, False),
    }


def test_nothing_counted_is_no_data_and_neither_0_nor_100_per_cent():
    """KPI-14."""
    every = measures([])

    assert [one.figure for one in every] == list(Figure)
    assert {(one.value, one.is_met) for one in every} == {(None, None)}
    assert figure_words.line_of(every[0])["text"] == "figures.line-empty"


@pytest.mark.parametrize(
    ("hits", "out_of", "shown"),
    [(9, 10, "90.0"), (8996, 10_000, "89.96"), (89_996, 100_000, "89.996"), (2, 3, "66.7"), (1, 1, "100.0"), (0, 5, "0.0")],
)
def test_a_percentage_never_looks_met_when_it_is_missed(hits: int, out_of: int, shown: str):
    assert percent(of(Figure.TIMELINESS, hits, out_of)) == shown


def test_a_promise_counts_as_kept_to_the_second():
    """KPI-1."""
    kept = count_promise(ORDER, "arrival", due_at=DUE, met_at=DUE)
    late = count_promise(ORDER, "arrival", due_at=DUE, met_at=DUE + HOUR)
    owed = count_promise(ORDER, "arrival", due_at=DUE, met_at=None)

    assert [(one.hits, one.out_of, one.n_against, one.late) for one in (kept, late, owed)] == [
        (1, 1, 0, None),
        (0, 1, 1, HOUR),
        (0, 1, 1, None),
    ]
    assert measure(Figure.TIMELINESS, [kept, late, owed]).value == Fraction(1, 3)


def test_satisfied_are_the_upper_two_of_four_levels_or_points_by_the_other_formula():
    """KPI-2."""
    grades = {"attitude": 4, "technique": 3, "arrival_time": 2, "promises": 1}

    upper, points = (count_card(ORDER, DUE, grades, formula) for formula in ("top_two", "score"))

    assert (upper.hits, upper.out_of, upper.n, upper.n_against) == (2, 4, 4, 2)
    assert Fraction(points.hits, points.out_of) == Fraction(100 + 75 + 50 + 25, 400)
    assert (points.n, points.n_against) == (4, 2)


OPINION = Opinion(Outcome.UPHELD, Handling.SERVICE, "分析", "答覆")
CASE = Complaint(number="261101", branch=BRANCH, opened_at=DUE, opinion=OPINION, verdict=Verdict(1, "manager", DUE + HOUR))


def kinds(case: Complaint, figure: Figure, *, now_in: timedelta = timedelta(days=90)) -> list[tuple[int, int]]:
    return [(one.hits, one.out_of) for one in count_complaint(case, ORDER, now=DUE + now_in) if one.figure is figure]


def test_only_complaints_that_were_upheld_and_are_service_s_count_against_it():
    """KPI-3."""
    about_goods = replace(CASE, route="product")
    not_upheld = replace(CASE, opinion=replace(OPINION, outcome=Outcome.NOT_UPHELD))
    undecided = replace(CASE, verdict=None)

    assert [kinds(one, Figure.COMPLAINTS) for one in (CASE, about_goods, not_upheld, undecided)] == [[(1, 0)], [], [], []]
    assert [(one.hits, one.out_of) for one in count_job(ORDER, DUE, is_repeated=False)] == [(0, 1), (0, 1), (1, 1)]


def test_a_complaint_that_is_marked_major_counts_once_however_often_it_is_begun_anew():
    """KPI-4."""
    serious = replace(CASE, is_serious=True)

    assert [kinds(one, Figure.MAJOR) for one in (serious, CASE, replace(serious, previous=7))] == [[(1, 0)], [], []]


def test_a_case_and_each_stage_is_closed_within_its_limit_or_not():
    """KPI-5."""
    quality = Passage(CaseStage.QUALITY, DUE, DUE + HOUR, DUE + 2 * HOUR)
    passages = (
        quality,
        Passage(CaseStage.RND, DUE, DUE + HOUR, DUE, skipped="不需要"),
        Passage(CaseStage.SALES, DUE, DUE + HOUR),
    )
    case = replace(CASE, route="product", due_at=DUE, passages=passages)

    assert kinds(case, Figure.CLOSING) == [(0, 1)]
    assert kinds(replace(case, due_at=DUE + HOUR), Figure.CLOSING) == [(1, 1)]
    assert kinds(replace(case, due_at=None), Figure.CLOSING) == []
    assert kinds(case, Figure.STAGES) == [(0, 1)]


def test_an_opinion_counts_when_it_is_certain_whether_it_was_answered_in_time():
    """KPI-6."""
    execution = Passage(CaseStage.EXECUTION, DUE, DUE + 3 * HOUR)
    open_case = replace(CASE, passages=(execution,))
    answered = replace(open_case, answer=Answer("已處理", "chat", 1, DUE + 2 * HOUR))

    assert kinds(open_case, Figure.OPINIONS, now_in=2 * HOUR) == []
    assert kinds(open_case, Figure.OPINIONS) == [(0, 1)]
    assert kinds(answered, Figure.OPINIONS, now_in=2 * HOUR) == [(1, 1)]
    assert kinds(replace(answered, route="anomaly"), Figure.OPINIONS) == []
    late = count_opinion(ORDER, DUE, due_at=DUE + HOUR, done_at=DUE + 2 * HOUR, now=DUE)
    assert [(one.hits, one.late) for one in late] == [(0, HOUR)]


DONE = Call(1, DUE, 6, "大金 FTXV50", "S1")


@pytest.mark.parametrize(
    ("again", "is_repeat"),
    [
        (Call(2, DUE + timedelta(days=30), 6, "大金 FTXV50", "s1 "), True),
        (Call(2, DUE + timedelta(days=30, seconds=1), 6, "大金 FTXV50", "S1"), False),
        (Call(2, DUE + HOUR, 9, "別人買走的", "S1"), True),
        (Call(2, DUE + HOUR, 6, "大金 ftxv50", ""), True),
        (Call(2, DUE + HOUR, 6, "大金 FTXV50", "S2"), False),
        (Call(2, DUE + HOUR, 9, "大金 FTXV50", ""), False),
        (Call(2, DUE - HOUR, 6, "大金 FTXV50", "S1"), False),
        (Call(1, DUE + HOUR, 6, "大金 FTXV50", "S1"), False),
    ],
)
def test_a_product_that_is_called_about_again_within_30_days_was_not_fixed_the_first_time(again: Call, is_repeat: bool):
    """KPI-7, WKS-17."""
    assert repeated(repeats([DONE], [again]), {}) == (frozenset({1}) if is_repeat else frozenset())


@pytest.mark.parametrize(
    ("components", "is_repeat"),
    [
        ({1: "排水管", 2: "排水管"}, True),
        ({1: "排水管", 2: "室內機排水管"}, True),
        ({1: "Drain pipe", 2: "drain PIPE "}, True),
        ({1: "排水管", 2: "主機板"}, False),
        ({1: "排水管"}, True),
    ],
)
def test_it_is_the_same_fault_unless_another_component_was_written_down(components: dict[int, str], is_repeat: bool):
    """KPI-7, WKS-17."""
    found = repeats([DONE], [Call(2, DUE + HOUR, 6, "大金 FTXV50", "S1")])

    assert repeated(found, components) == (frozenset({1}) if is_repeat else frozenset())


def test_means_say_of_how_many_and_keep_quiet_where_there_are_too_few():
    """KPI-8, SUR-3."""
    cards = [Card(ORDER, DUE, {"attitude": 4, "technique": 3}), Card(ORDER, DUE, {"attitude": 3})]

    assert [(one.aspect, one.value, one.n) for one in means(cards)] == [("attitude", Fraction(7, 2), 2), ("technique", 3, 1)]
    assert [one.aspect for one in means(cards, least=2)] == ["attitude"]
    assert figure_words.mean_of(means(cards)[0]) == "3.50"


def test_an_order_of_two_counts_for_each_of_them_and_once_for_the_branch():
    both = replace(ORDER, technicians=(WANG.id, ZHAO.id))
    counts = [count_promise(both, "arrival", due_at=DUE, met_at=DUE)]

    assert {who: len(own) for who, own in by_technician(counts).items()} == {WANG.id: 1, ZHAO.id: 1}
    assert measure(Figure.TIMELINESS, counts).n == 1


def test_a_month_begins_at_midnight_here():
    """2026-11-30 23:59:59 in Taipei is still November, one second later it is December."""
    start, end = month_of(date(2026, 11, 5)).bounds(TAIPEI)
    counts = [
        count_promise(ORDER, "arrival", due_at=moment, met_at=None) for moment in (start, end - timedelta(seconds=1), end)
    ]

    assert {month.key: len(own) for month, own in by_month(counts, TAIPEI).items()} == {"2026-11": 2, "2026-12": 1}


def test_periods_are_named_and_follow_each_other():
    november, week = month_of(date(2026, 11, 30)), week_of(date(2026, 11, 29))

    assert (november.key, november.before.key, november.after.key) == ("2026-11", "2026-10", "2026-12")
    assert (week.key, week.before.key, week.after.key, week.is_month) == ("2026-11-23", "2026-11-16", "2026-11-30", False)
    assert [read_period(one.key) for one in (november, week)] == [november, week]
    assert [one.key for one in months_to(week, 3)] == ["2026-09", "2026-10", "2026-11"]
    assert month_of(date(2026, 2, 1)).last == date(2026, 2, 28)


@pytest.mark.parametrize("key", ["2026-13", "2026-11-24", "11", "2026/11", "x", "2026-1", "'; --"])
def test_what_is_no_period_is_not_read(key: str):
    with pytest.raises(ValueError):
        read_period(key)


def test_who_leads_sees_the_branch_headquarters_all_and_a_technician_himself():
    """KPI-15."""
    assert [widest(one) for one in (LI, MANAGER, SERVICE, GM, WANG)] == [
        Scope(branch=BRANCH),
        Scope(branch=BRANCH),
        Scope(),
        Scope(),
        Scope(technician=WANG.id, is_own=True),
    ]


@pytest.mark.parametrize("by", [CHEN, ZHANG])
def test_whose_business_figures_are_not_hears_whose_they_are(by):
    with pytest.raises(Refused) as refused:
        widest(by)

    assert (refused.value.code, "supervisor" in refused.value.facts["roles"]) == ("not-yours", True)


def test_nobody_looks_beyond_his_branch_nor_a_technician_at_another():
    assert narrowed(LI, Scope(technician=WANG.id)) == Scope(branch=BRANCH, technician=WANG.id)
    assert narrowed(GM, Scope(branch=OTHER_BRANCH)) == Scope(branch=OTHER_BRANCH)
    assert narrowed(WANG, Scope()) == narrowed(WANG, Scope(technician=WANG.id)) == Scope(technician=WANG.id, is_own=True)
    for by, asked in ((LI, Scope(branch=OTHER_BRANCH)), (WANG, Scope(technician=ZHAO.id))):
        with pytest.raises(Refused, match="not-yours"):
            narrowed(by, asked)


SCOPES = [
    Scope(),
    Scope(branch=BRANCH),
    Scope(branch=OTHER_BRANCH, technician=9_999_999),
    Scope(technician=7, is_own=True),
    Scope(branch=BRANCH, model="1f2e3d4c"),
]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_scope_is_read_back_from_its_token(scope: Scope):
    assert read_scope(scope.token, [BRANCH, OTHER_BRANCH]) == scope


@pytest.mark.parametrize("token", ["", "z", "b00000000", "tx", "m", "a-a"])
def test_a_token_that_names_nothing_is_refused(token: str):
    with pytest.raises(ValueError):
        read_scope(token, [BRANCH])


@pytest.mark.parametrize("scope", SCOPES)
def test_every_button_of_figures_fits_into_64_bytes(scope: Scope):
    """CHANNELS: what Telegram takes."""
    longest = f"{figure_words.stem(week_of(date(2026, 11, 29)), scope)}.{max(map(str, Figure), key=len)}.x.999"

    assert len(longest.encode()) <= 64


def test_a_technician_s_own_sheet_has_his_figures_and_no_few_grades():
    """KPI-15, SUR-3."""
    own = Scope(technician=WANG.id, is_own=True)
    card = Card(ORDER, DUE, {"attitude": 1})
    counts = (count_promise(ORDER, "arrival", due_at=DUE, met_at=DUE), count_card(ORDER, DUE, card.grades, "top_two"))
    other = count_promise(replace(ORDER, technicians=(ZHAO.id,)), "arrival", due_at=DUE, met_at=None)
    ledger = Ledger((*counts, other), (card,), 5, 5)

    few = figure_words.picture_of(month_of(DUE.date()), own, ledger, least=3)
    shown = figure_words.picture_of(month_of(DUE.date()), replace(own, is_own=False), ledger, least=3)

    assert [one.figure for one in few.measures] == list(OF_A_TECHNICIAN)
    assert {one.figure: one.n for one in few.measures if one.n} == {Figure.TIMELINESS: 1}
    assert (few.means, [one.n for one in shown.means]) == ((), [1])
    assert {one.figure: one.n for one in shown.measures if one.n} == {Figure.TIMELINESS: 1, Figure.SATISFACTION: 1}
    assert within(ledger, Scope(branch=BRANCH)) is ledger


def test_what_counts_against_a_figure_is_listed_the_latest_first():
    sources = [replace(ORDER, number=f"2611-000{n}") for n in range(4)]
    met = [None if n % 2 else DUE for n in range(4)]
    counts = [count_promise(one, "reply", due_at=DUE + n * HOUR, met_at=met[n]) for n, one in enumerate(sources)]

    against, kept = (listed(Figure.TIMELINESS, counts, is_against=one) for one in (True, False))

    assert [one.source.number for one in against] == ["2611-0003", "2611-0001"]
    assert [one.source.number for one in kept] == ["2611-0002", "2611-0000"]


def test_an_empty_month_says_so():
    """KPI-14."""
    empty = figure_words.picture_of(Period(date(2026, 11, 1), date(2026, 11, 30)), Scope(), Ledger(), least=1)

    assert figure_words.heading(empty, {})["text"] == "figures.none-month"
    assert (figure_words.lines_of(empty), figure_words.figure_rows(empty)) == ([], [])
    assert not Ledger((Count(Figure.MAJOR, ORDER, DUE, 1, 0),)).is_empty
