"""A customer's file: which lines it has, who reads and writes it, his quality complaints by article (INT-12)."""

from dataclasses import replace

import pytest

from rules import customer_files
from rules.complaint_policy import CustomerPolicy
from rules.policies import PolicyError, read_policy
from tests.cast import CHEN, SALES, WANG, ZHANG, policy_of
from tests.rules.affair import decided
from tests.rules.job import refused

FACTORY = policy_of("factory").customers


def test_a_factory_keeps_usage_models_and_demands_and_a_company_its_own_words():
    own = read_policy('profile = "factory"\n[customers]\nfields = ["monthly_usage", "付款條件"]', "a").customers

    assert FACTORY.fields == ("monthly_usage", "models_used", "quality_demands")
    customer_files.require_noted("付款條件", "月結 60 天", by=SALES, policy=own)
    assert policy_of("appliance").customers.fields == ()


@pytest.mark.parametrize("fields", ['["a", "a"]', '[""]', f'["{"長" * 31}"]', f"{[str(n) for n in range(13)]}"])
def test_lines_that_make_no_sense_are_refused_at_the_start(fields: str):
    with pytest.raises(PolicyError, match=r"customers\.fields"):
        read_policy(f'profile = "factory"\n[customers]\nfields = {fields}', "a")


def test_a_file_is_read_by_whoever_sees_cases_and_written_by_whoever_files_complaints():
    customer_files.require_noted("monthly_usage", "8000 片", by=CHEN, policy=FACTORY)
    for by in (WANG, ZHANG):
        with refused("not-yours", "ROL-1"):
            customer_files.require_shown(by, FACTORY)
    with refused("files-off", "INT-12"):
        customer_files.require_shown(CHEN, CustomerPolicy())
    for field, value in (("shoe_size", "42"), ("monthly_usage", " ")):
        with refused("file-line", "INT-12"):
            customer_files.require_noted(field, value, by=CHEN, policy=FACTORY)


def test_quality_complaints_are_shown_by_the_article_that_they_were_about():
    case = decided().case
    other = replace(case, number="261105", form=replace(case.form, part_no="A-9"))
    human = replace(case, number="261106", category="non_quality")

    found = customer_files.by_model([replace(case, number="261103"), other, human, case])

    assert found == (("A-9", ("261105",)), (case.form.part_no, tuple(sorted((case.number, "261103")))))
