"""What differs from company to company on the way and on site: what is asked, who signs, what is looked at before leaving."""

from dataclasses import dataclass
from typing import Literal

SignerRole = Literal["customer", "family", "colleague", "resident", "teacher", "operator", "leader", "attendant", "guest"]
"""As what somebody signs a voucher (SIG-9)."""
Listened = Literal["operating_time", "mileage", "usage_conditions", "before_fault", "after_fault", "customer_words"]
Acted = Literal["action_taken", "responsibility", "customer_test", "hand_off", "interim", "damage"]
"""What is asked of what was done: besides the usual whom a guest was handed to (VIS-17), under which measure a temporary fix
is used (VIS-18), who is responsible for what was damaged in public (VIS-20)."""


@dataclass(frozen=True)
class SignaturePolicy:
    acceptance: Literal["after_service"] = "after_service"
    photo_or_drawn: Literal["both", "photo", "drawn"] = "both"
    customer_copy: bool = True
    signer_roles: tuple[SignerRole, ...] = ("customer", "family", "colleague")


@dataclass(frozen=True)
class VisitPolicy:
    arrive: tuple[Literal["met", "introduced", "attendant"], ...] = ("met", "introduced")
    listen: tuple[Listened, ...] = ("usage_conditions", "before_fault", "after_fault")
    listen_required: bool = False
    look: tuple[Literal["warranty_verdict", "tampered"], ...] = ("warranty_verdict", "tampered")
    check: tuple[Literal["root_cause", "analysis"], ...] = ("root_cause",)
    act: tuple[Acted, ...] = ("action_taken", "responsibility", "customer_test")
    far_from_address_m: int = 500


@dataclass(frozen=True)
class DeparturePolicy:
    required: tuple[str, ...] = ("task_read", "called_user", "parts_packed", "tools")
