"""The customer's signature: the gate before it, the seal it sets, what breaks it (SIG)."""

from dataclasses import replace

import pytest

from rules import closing, signatures, visits
from rules.decisions import Audience
from rules.money import Dues
from rules.orders import Findings, Stage, Step
from tests.cast import CHEN, LI, STRANGER, WANG, ZHANG, ZHAO, terms_of
from tests.rules.job import (
    FINDINGS,
    SUMMARY,
    approved,
    arrived,
    departed,
    finished,
    found,
    journalled,
    refused,
    signed,
    told,
    unsigned,
)

TWO_PIPES = {"lines": [{"name": "排水管 D16", "quantity": "2", "cause": "磨損", "old_part": "returned"}]}
ATTENDED = {"met": "房務部", "attendant": "周服務員"}


@pytest.mark.parametrize("until", [Step.LISTEN, Step.LOOK, Step.CHECK, Step.ACT, Step.PARTS])
def test_nobody_signs_before_the_service_is_done(until: Step):
    job = found(until)

    with refused("sign-too-early", "SIG-2") as error:
        job.signs()

    steps = list(FINDINGS)
    assert error.value.offer == steps[steps.index(until) + 1]
    with refused("sign-too-early", "SIG-2"):
        job.does(signatures.preview, SUMMARY, "", by=WANG)
    with refused("sign-too-early", "SIG-2"):
        job.does(signatures.close_unsigned, "客戶出門", "照片.jpg", by=WANG)


def test_nobody_signs_before_somebody_has_come():
    assert signatures.lacking(arrived().order)[0] == "step.listen"
    assert signatures.lacking(replace(finished().order, arrived_at=None)) == ("step.arrive",)


def test_a_part_that_was_used_and_not_written_down_bars_the_signature():
    job = found(Step.ACT)

    with refused("sign-too-early", "SIG-2") as error:
        job.signs()
    assert error.value.facts["missing"] == [{"text": "step.parts"}, {"text": "step.test"}]


def test_a_failed_try_out_bars_the_signature():
    job = finished()
    job.saves(Step.TEST, customer_test="fail")

    with refused("sign-too-early", "SIG-2"):
        job.signs()


def test_a_photo_sent_before_the_service_was_finished_is_not_a_signature_later():
    job = found(Step.CHECK)
    earlier = job.now
    job = finished()

    with refused("photo-too-old", "SIG-2"):
        job.signs(taken_at=earlier)


def test_a_photo_of_the_very_second_is_in_time():
    job = finished()

    job.signs(taken_at=job.order.finished_at.replace(microsecond=0))

    assert job.order.stage is Stage.SIGNED


def test_the_seal_says_who_signed_which_text_and_when():
    job = finished().later(minutes=5)

    decision = job.signs("a1", comment="師傅很有禮貌")

    seal = job.order.seal
    assert job.order.stage is Stage.SIGNED
    assert (seal.version, seal.signature, seal.signer, seal.signer_role) == (1, "a1", "張先生", "customer")
    assert (seal.summary, seal.comment, seal.at, seal.by, seal.flags) == (SUMMARY, "師傅很有禮貌", job.now, WANG.id, ())
    assert seal.digest == signatures.digest(job.order, SUMMARY)
    assert journalled(decision) == [("order.signed", "SIG-1")]


def test_the_customer_has_a_copy_at_once():
    decision = finished().signs()

    assert told(decision, "notice.signed-copy") == (Audience.CUSTOMER,)
    assert decision.notices[0].facts["summary"] == SUMMARY


def test_a_signature_covers_every_finding_and_the_customer_s_own_words():
    job = signed()
    before = signatures.digest(job.order, SUMMARY)

    assert signatures.digest(job.order, SUMMARY + "。") != before
    assert signatures.digest(replace(job.order, customer_comment="不滿意"), SUMMARY) != before
    for step in signatures.signed_steps(job.order):
        left_out = {one: found for one, found in job.order.findings.items() if one is not step}
        assert signatures.digest(replace(job.order, findings=left_out), SUMMARY) != before
    assert signatures.digest(replace(job.order, briefing="別的"), SUMMARY) == before


def test_a_report_that_is_changed_is_unsigned_and_the_old_version_stays_readable():
    job = signed()
    first = job.order.seal

    decision = job.later(minutes=5).saves(Step.PARTS, **TWO_PIPES)

    assert (job.order.stage, job.order.seal) == (Stage.FINISHED, None)
    (kept,) = job.order.seals
    assert kept == replace(first, is_void=True, void_reason="changed:parts")
    assert (kept.summary, kept.signature) == (SUMMARY, "a1")
    assert ("seal.voided", "SIG-3") in journalled(decision)
    assert told(decision, "notice.seal-broken") == (WANG.id,)
    assert job.order.findings[Step.PARTS].version == 2


def test_a_changed_report_is_signed_again_as_a_new_version():
    job = signed()
    job.later(minutes=5).saves(Step.PARTS, **TWO_PIPES)
    with refused("not-signed", "CLS-10"):
        job.does(closing.brief_report, "已更換。", by=WANG)

    job.later(minutes=5).signs("b2", summary="已更換兩條排水管。")

    assert [(one.version, one.signature, one.is_void) for one in job.order.seals] == [(1, "a1", True), (2, "b2", False)]
    assert job.order.seals[0].digest != job.order.seals[1].digest


def test_a_photo_from_before_the_change_does_not_sign_the_changed_report():
    job = signed().later(minutes=5)
    earlier = job.now
    job.later(minutes=5).saves(Step.PARTS, **TWO_PIPES)

    with refused("photo-too-old", "SIG-2"):
        job.later(minutes=1).signs("b2", taken_at=earlier)


@pytest.mark.parametrize("again", [signed, departed])
def test_a_seal_breaks_wherever_the_report_stands(again):
    job = again()

    job.saves(Step.ACT, result="temporary")

    assert (job.order.stage, job.order.seal) == (Stage.FINISHED, None)


def test_an_approved_report_is_not_changed_any_more():
    with refused("not-on-site", "VIS-1"):
        approved().saves(Step.ACT)


@pytest.mark.parametrize(("how", "flag"), [("reused_on", "reused"), ("resembles", "resembles")])
def test_a_signature_seen_on_another_order_is_flagged_and_approval_is_held(how: str, flag: str):
    job = finished().later(minutes=5)

    decision = job.signs(**{how: ("2611-0009",)})

    assert job.order.seal.flags == (flag,)
    assert told(decision, "notice.signature-reused") == (Audience.SUPERVISOR, Audience.MANAGER)
    job.does(closing.brief_report, "已更換。", by=WANG)
    with refused("approval-held", "SIG-4"):
        job.does(closing.approve, by=LI)


def test_an_empty_picture_is_flagged():
    job = finished()

    job.signs(doubts=("blank",))

    assert job.order.seal.flags == ("blank",)


@pytest.mark.parametrize(
    ("signer", "role", "place", "doubts"),
    [
        ("張先生", "customer", (25.0335, 121.5651), ()),
        ("張先生", "customer", (25.05, 121.5651), ("far",)),
        ("王 師傅", "customer", None, ("staff",)),
        ("王師傅", "leader", None, ()),
    ],
)
def test_a_signature_by_one_of_ours_or_taken_elsewhere_is_doubted(signer, role, place, doubts):
    """SIG-4: the supervisor and the manager hear why, and look into it before they approve."""
    job = finished()
    job.order = replace(job.order, report=replace(job.order.report, latitude=25.0330, longitude=121.5654))
    looked = {"latitude": place[0], "longitude": place[1]} if place else {}

    found = signatures.doubts(job.order, signer, role, looked, ["李主任", "王師傅"], terms=job.terms)
    decision = job.signs(doubts=found)

    assert (found, job.order.seal.flags) == (doubts, doubts)
    assert told(decision, "notice.signature-doubtful") == ((Audience.SUPERVISOR, Audience.MANAGER) if doubts else ())


def test_the_text_is_shown_with_room_for_a_comment_before_signing():
    job = finished().later(minutes=1)

    decision = job.does(signatures.preview, SUMMARY, "想加保養", by=WANG)

    assert (job.order.preview, job.order.customer_comment, job.order.comment_asked_at) == (SUMMARY, "想加保養", job.now)
    assert journalled(decision) == [("report.shown", "SIG-10")]


def test_what_is_signed_is_what_was_shown():
    job = finished().later(minutes=1)
    facts = {"picture": "a1", "taken_at": job.now, "signer": "張先生", "signer_role": "customer", "summary": SUMMARY}
    with refused("report-changed", "SIG-10"):
        job.does(signatures.sign, by=WANG, **facts)

    job.does(signatures.preview, SUMMARY, "", by=WANG)
    with refused("report-changed", "SIG-10"):
        job.does(signatures.sign, by=WANG, **facts | {"summary": "另一份"})
    job.saves(Step.PARTS, **TWO_PIPES)
    with refused("report-changed", "SIG-10"):
        job.does(signatures.sign, by=WANG, **facts)

    job.later(minutes=1).does(signatures.preview, SUMMARY, "", by=WANG)
    job.does(signatures.sign, by=WANG, **facts | {"taken_at": job.now})
    assert job.order.seal.summary == job.order.preview == SUMMARY


@pytest.mark.parametrize("person", [LI, CHEN, ZHANG], ids=lambda one: one.name)
def test_only_who_was_sent_collects_the_signature(person):
    with refused("not-yours", "ROL-1"):
        finished().signs(by=person)
    for other in (ZHAO, STRANGER):
        with refused("no-such-order", "ROL-1"):
            finished().signs(by=other)


def test_a_report_is_signed_once():
    with refused("stage-passed", "24"):
        signed().signs("b2")


def test_nobody_there_to_sign_takes_a_reason_and_a_second_evidence():
    for reason, evidence in (("", "照片.jpg"), ("客戶出門", ""), (" ", " ")):
        with refused("unsigned-needs-evidence", "SIG-7"):
            finished().does(signatures.close_unsigned, reason, evidence, by=WANG)

    job = unsigned()

    assert (job.order.stage, job.order.closing_reason, job.order.seal) == (Stage.UNSIGNED_CLOSED, "客戶出門", None)


def test_an_unsigned_visit_ends_only_with_the_supervisor_s_word():
    job = unsigned()
    with refused("unsigned-not-approved", "SIG-7"):
        job.does(closing.brief_report, "已更換。", by=WANG)

    decision = job.does(signatures.approve_unsigned, by=LI)

    assert told(decision, "notice.follow-up-call") == (Audience.CLERK,)
    assert signatures.is_settled(job.order)
    job.does(closing.brief_report, "已更換。", by=WANG)
    assert job.order.stage is Stage.DEPARTED


def test_nobody_lets_his_own_unsigned_visit_stand():
    job = unsigned()
    both = replace(WANG, roles=WANG.roles | LI.roles)

    with refused("not-your-own", "SIG-7"):
        job.does(signatures.approve_unsigned, by=both)
    with refused("not-yours", "ROL-1"):
        job.does(signatures.approve_unsigned, by=WANG)


@pytest.mark.parametrize("has_left", [False, True])
def test_an_unsigned_visit_that_is_changed_needs_the_supervisor_s_word_again(has_left: bool):
    job = unsigned()
    job.does(signatures.approve_unsigned, by=LI)
    if has_left:
        job.does(closing.brief_report, "已更換。", by=WANG)

    job.later(minutes=5).saves(Step.PARTS, **TWO_PIPES)

    assert job.order.stage is Stage.FINISHED
    job.does(signatures.close_unsigned, "客戶出門", "照片.jpg", by=WANG)
    assert not signatures.is_settled(job.order)


def test_the_customer_may_still_sign_after_all():
    job = unsigned().later(minutes=30)

    job.signs()

    assert (job.order.stage, job.order.seal.version) == (Stage.SIGNED, 1)


def test_the_steps_that_a_signature_covers_are_shown_in_their_order():
    assert signatures.signed_steps(finished().order) == (
        Step.LISTEN,
        Step.LOOK,
        Step.CHECK,
        Step.ACT,
        Step.PARTS,
        Step.TEST,
    )
    assert visits.still_open(finished().order) == ()


@pytest.mark.parametrize(
    ("profile", "arrive", "agreed", "roles"),
    [
        ("appliance", {}, 500, ("customer", "family", "colleague")),
        ("plant", {}, 0, ("operator", "leader")),
        ("mine", {}, 0, ("operator", "leader")),
        ("campus", {}, 0, ("teacher", "resident")),
        ("campus", {}, 500, ("resident",)),
        ("hotel", {**ATTENDED, "guest": "present"}, 0, ("attendant", "guest")),
        ("hotel", {**ATTENDED, "guest": "absent"}, 0, ("attendant",)),
        ("hotel", {**ATTENDED, "guest": "vacant"}, 0, ("attendant",)),
    ],
)
def test_who_signs_is_what_the_line_of_business_says_and_whoever_pays_signs_for_it(profile, arrive, agreed, roles):
    """SIG-9: what is paid for is signed by whoever pays; while the guest is out by the attendant who stays."""
    job = arrived()
    arrival = Findings(1, arrive, WANG.id, job.now)
    order = replace(job.order, dues=Dues("TWD", agreed=agreed), findings={Step.ARRIVE: arrival})

    assert signatures.signers(order, terms_of(profile).policy) == roles


def test_a_teacher_does_not_sign_for_what_a_resident_pays():
    """SIG-9."""
    job = finished("campus", zone="near").later(minutes=5)
    job.order = replace(job.order, dues=Dues("TWD", agreed=500))

    with refused("signer-not-named", "SIG-9"):
        job.signs(signer_role="teacher")
    job.signs(signer_role="resident")

    assert job.order.seal is not None
