"""What a job is besides a repair: something is put up, brought, assembled or taught (DSP-9)."""

from collections.abc import Mapping
from enum import StrEnum

from rules.orders import Step, WorkOrder
from rules.refusals import Refused


class JobKind(StrEnum):
    """Work that is dispatched like a repair though nothing is broken."""

    INSTALL = "install"
    DELIVER = "deliver"
    ASSEMBLE = "assemble"
    TRAIN = "train"


_REPAIR = (Step.LISTEN, Step.LOOK, Step.CHECK, Step.ACT, Step.TEST)
_STEPS: Mapping[str, tuple[Step, ...]] = {
    JobKind.INSTALL: (Step.ACT, Step.TEST),
    JobKind.ASSEMBLE: (Step.ACT, Step.TEST),
    JobKind.DELIVER: (Step.ACT,),
    JobKind.TRAIN: (Step.ACT,),
}
"""What is recorded on site: no cause is looked for, and what can be tried out is (VIS-11)."""


def is_repair(order: WorkOrder) -> bool:
    """Whether something is to be mended, found or looked after, with all steps."""
    return order.report.kind not in _STEPS


def steps_of(order: WorkOrder) -> tuple[Step, ...]:
    """The steps that a job is recorded in, in their order."""
    return _STEPS.get(order.report.kind, _REPAIR)


def redone(order: WorkOrder) -> Step:
    """The step that is done again when the customer's try-out failed (VIS-11)."""
    return Step.CHECK if is_repair(order) else Step.ACT


def require_step(order: WorkOrder, step: Step) -> None:
    """Raise Refused for a step that this kind of job does not have (DSP-9)."""
    if step not in (*steps_of(order), Step.ARRIVE, Step.PARTS):
        raise Refused("step-not-asked", rule="DSP-9", offer=str(Step.ACT), kind={"text": f"kind.{order.report.kind}"})
