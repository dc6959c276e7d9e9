"""The customer's signature: the gate before it, the seal it sets, what breaks it (SIG)."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from rules import interims, late_photos
from rules.attendants import is_wanted
from rules.decisions import Audience, Decision, Entry, Notice
from rules.orders import SIGNED_STEPS, Seal, ServiceClass, Stage, Step, WorkOrder, require_stage, step_to, without
from rules.part_uses import require_old_parts
from rules.people import Deed, Person, on_behalf, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms
from rules.visits import distance_m, still_open

OWN_PEOPLE = frozenset({"operator", "leader"})
"""Who signs in the company's own plant."""


def signers(order: WorkOrder, policy: Policy) -> tuple[str, ...]:
    """As what somebody may sign this order, as they are offered (SIG-9).

    Paid work is signed by whoever pays where the profile names him; while a hotel's guest is out, by the attendant who stays.
    """
    named = tuple(str(one) for one in policy.signature.signer_roles)
    if order.dues.agreed and policy.fees.signed_by:
        return tuple(str(one) for one in policy.fees.signed_by)
    is_out = is_wanted(policy) and order.found(Step.ARRIVE).get("guest") in ("absent", "vacant")
    return ("attendant",) if is_out and "attendant" in named else named


def canonical(order: WorkOrder) -> str:
    """What a signature covers, as one stable text: the call and everything found and done (SIG-1)."""
    report = order.report
    covered = {
        "number": order.number,
        "customer": order.customer,
        "model": report.model,
        "serial": report.serial,
        "fault": report.fault,
        "arrived_at": order.arrived_at.isoformat() if order.arrived_at else None,
        "findings": {str(step): dict(order.found(step)) for step in SIGNED_STEPS if step in order.findings},
        "comment": order.customer_comment,
    }
    return json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest(order: WorkOrder, summary: str) -> str:
    """SHA-256, hexadecimal, of what was recorded and of the text that the customer saw."""
    return hashlib.sha256(f"{canonical(order)}\n{summary}".encode()).hexdigest()


def lacking(order: WorkOrder) -> tuple[str, ...]:
    """What has to be done before anybody may be asked to sign (SIG-2, VIS-7, VIS-11).

    Photos that come later belong to it, and the approval of a temporary fix (VIS-18, VIS-21).
    """
    missing = [f"step.{step}" for step in still_open(order)]
    if order.arrived_at is None:
        missing.insert(0, "step.arrive")
    if order.finished_at is None and not missing:
        missing.append("step.finish")
    missing += [*(f"late-photos.{step}" for step in late_photos.awaited(order)), *interims.lacking(order)]
    return tuple(missing)


def gate(order: WorkOrder, *, by: Person) -> None:
    """Raise Refused unless the report may be signed now: never before the service (SIG-2)."""
    require(by, Deed.COLLECT_SIGNATURE, order.ties)
    missing = lacking(order)
    if missing:
        raise Refused(
            "sign-too-early", rule="SIG-2", missing=[{"text": one} for one in missing], offer=missing[0].rpartition(".")[2]
        )
    require_stage(order, Stage.FINISHED, Stage.UNSIGNED_CLOSED)


def preview(order: WorkOrder, summary: str, comment: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Keep the text that is shown to the customer before he signs, until something is recorded anew (SIG-5, SIG-10, PRT-5)."""
    gate(order, by=by)
    require_old_parts(order, terms.policy)
    shown = replace(order, preview=summary, customer_comment=comment, comment_asked_at=now)
    return Decision(shown, (Entry("report.shown", {"has_comment": bool(comment)}, "SIG-10"),))


def sign(
    order: WorkOrder,
    *,
    picture: str,
    taken_at: datetime,
    signer: str,
    signer_role: str,
    summary: str,
    comment: str = "",
    reused_on: tuple[str, ...] = (),
    resembles: tuple[str, ...] = (),
    doubts: tuple[str, ...] = (),
    by: Person,
    now: datetime,
    terms: Terms,
) -> Decision:
    """Seal the report, signed by one who may (SIG-1, 2, 4, 5, 9). `taken_at` is when the picture was sent."""
    gate(order, by=by)
    if order.preview != summary:
        raise Refused("report-changed", rule="SIG-10", offer="sign")
    if signer_role not in (may_sign := signers(order, terms.policy)):
        raise Refused(
            "signer-not-named", rule="SIG-9", offer="sign", who=[{"text": f"sign.signer_role.{one}"} for one in may_sign]
        )
    done_at = newest(order)
    if taken_at.replace(microsecond=0) < done_at.replace(microsecond=0):
        raise Refused("photo-too-old", rule="SIG-2", finished=done_at, offer="sign")
    flags = [*(name for name, others in (("reused", reused_on), ("resembles", resembles)) if others), *doubts]
    signed = replace(order, customer_comment=comment)
    seal = Seal(
        version=len(order.seals) + 1,
        digest=digest(signed, summary),
        summary=summary,
        signature=picture,
        signer=signer,
        signer_role=signer_role,
        comment=comment,
        at=now,
        by=by.id,
        flags=tuple(flags),
    )
    number = {"number": order.number}
    told = [
        Notice("notice.signed-copy", (Audience.CUSTOMER,), number | {"summary": summary}, papers=("service-report",)),
        Notice("notice.signed", (Audience.SUPERVISOR,), number | {"technician_id": by.id}, is_must=False, photos=(picture,)),
    ]
    if reused_on or resembles:
        others = {"others": list(dict.fromkeys((*reused_on, *resembles)))}
        told.append(Notice("notice.signature-reused", (Audience.SUPERVISOR, Audience.MANAGER), number | others))
    if odd := [one for one in doubts if one != "blank"]:
        why = number | {"why": [{"text": f"hold.{one}"} for one in odd], "technician_id": by.id}
        told.append(Notice("notice.signature-doubtful", (Audience.SUPERVISOR, Audience.MANAGER), why))
    facts = {"version": seal.version, "digest": seal.digest, "picture": picture, "flags": flags}
    return Decision(
        replace(signed, seals=(*order.seals, seal), stage=step_to(order, Stage.SIGNED), preview=summary),
        (Entry("order.signed", facts, "SIG-1"),),
        tuple(told),
    )


def doubts(
    order: WorkOrder, signer: str, role: str, looked: Mapping[str, Any], staff: Iterable[str], *, terms: Terms
) -> tuple[str, ...]:
    """What is odd about a signature by itself: blank, by one of ours, taken far from the address (SIG-4).

    `looked` is what is known of its picture, `staff` are the names of the branch's people. Among ourselves they may well sign.
    """
    found = ["blank"] if looked.get("is_blank") else []
    if order.service_class is not ServiceClass.D and role not in OWN_PEOPLE and _bare(signer) in map(_bare, staff):
        found.append("staff")
    metres = distance_m(order, looked)
    return (*found, "far") if metres is not None and metres > terms.policy.visit.far_from_address_m else tuple(found)


def _bare(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def newest(order: WorkOrder) -> datetime:
    """When what is signed was last added to: a picture from before that signs nothing (SIG-2, SIG-3)."""
    assert order.finished_at is not None  # the gate saw to it
    return max(order.finished_at, *(order.findings[step].at for step in signed_steps(order)))


def close_unsigned(order: WorkOrder, reason: str, evidence: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The customer is absent or refuses: a reason and second evidence, then the supervisor decides (SIG-7)."""
    require(by, Deed.CLOSE_UNSIGNED, order.ties)
    missing = lacking(order)
    if missing:
        raise Refused(
            "sign-too-early", rule="SIG-2", missing=[{"text": one} for one in missing], offer=missing[0].rpartition(".")[2]
        )
    if not reason.strip() or not evidence.strip():
        raise Refused("unsigned-needs-evidence", rule="SIG-7", offer="unsigned")
    facts = {"number": order.number, "technician_id": by.id, "reason": reason}
    return Decision(
        replace(
            order,
            stage=step_to(order, Stage.UNSIGNED_CLOSED),
            closing_reason=reason,
            overrides=without(order, "unsigned"),
        ),
        (Entry("order.unsigned", {"evidence": evidence}, "SIG-7"),),
        (Notice("notice.unsigned", (Audience.SUPERVISOR,), facts, photos=(evidence,)),),
    )


def approve_unsigned(order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Let an unsigned closing stand; somebody calls the customer afterwards (SIG-7)."""
    require(by, Deed.APPROVE_UNSIGNED, order.ties)
    require_stage(order, Stage.UNSIGNED_CLOSED)
    if by.id in order.workers:
        raise Refused("not-your-own", rule="SIG-7")
    number = {"number": order.number}
    return Decision(
        replace(order, overrides={**order.overrides, "unsigned": str(by.id)}),
        (Entry("order.unsigned_approved", on_behalf(by, Deed.APPROVE_UNSIGNED, order.ties), "SIG-7"),),
        (
            Notice("notice.unsigned-approved", (Audience.TECHNICIAN,), number),
            Notice("notice.follow-up-call", (Audience.CLERK,), number),
        ),
    )


def is_settled(order: WorkOrder) -> bool:
    """Whether the visit may end: signed, or closed unsigned with the supervisor's word (CLS-10)."""
    return order.stage is Stage.SIGNED or (order.stage is Stage.UNSIGNED_CLOSED and "unsigned" in order.overrides)


def signed_steps(order: WorkOrder) -> tuple[Step, ...]:
    """Steps that the report shows, in order."""
    return tuple(step for step in SIGNED_STEPS if step in order.findings)
