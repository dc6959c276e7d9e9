"""What a fault may come from, by what was found before (DSP-4)."""

from rules.likely_causes import LikelyCause, PastFinding, likely

DRAIN = PastFinding("客廳冷氣漏水", "排水管", "排水管堵塞", "通管並清洗")


def test_the_most_frequent_cause_of_a_like_fault_comes_first_with_what_mended_it() -> None:
    fan = PastFinding("風扇異音", "風扇", "軸承磨損", "更換軸承")
    past = [fan, fan, fan, DRAIN, PastFinding("臥室漏水", "排水管", "排水管堵住了", "通管並清洗")]

    found = likely("冷氣漏水滴到地板", past)

    assert found == (
        LikelyCause("排水管", "排水管堵塞", "通管並清洗", 2, 2), LikelyCause("風扇", "軸承磨損", "更換軸承", 3, 0),
    )  # fmt: skip


def test_a_single_job_with_another_fault_is_worth_no_word() -> None:
    assert likely("不會啟動", [DRAIN]) == ()
    assert [one.n_jobs for one in likely("不會啟動", [DRAIN, DRAIN])] == [2]


def test_the_same_words_of_different_components_are_different_causes() -> None:
    other = PastFinding("漏水", "泵浦", "堵塞")

    found = likely("漏水", [PastFinding("漏水", "排水管", "堵塞", "通管"), other, other])

    assert [(one.component, one.n_jobs) for one in found] == [("泵浦", 2), ("排水管", 1)]


def test_what_was_not_mended_names_no_remedy_and_without_a_cause_nothing_is_named() -> None:
    unmended = PastFinding("漏水", "排水管", "堵塞")

    assert [one.remedy for one in likely("漏水", [unmended])] == [""]
    assert likely("漏水", [PastFinding("漏水", "排水管", " ")]) == ()


def test_at_most_three_are_named() -> None:
    causes = ("鍍層過薄", "電容老化", "軸承磨損", "螺絲鬆脫")

    assert len(likely("漏水", [PastFinding("漏水", "", one) for one in causes])) == 3
