"""A made-up year of a company: stored rows as the desk would have left them, in bulk, the same for the same seed.

王師傅 and his colleagues work in three branches; jobs are late, repeated, rated, complained about and commented on by chance.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Connection

from rules.clocks import Clock, Hold, promised_at
from rules.complaint_records import Answer, CaseStage, Handling, Opinion, Outcome, Passage, Verdict
from rules.complaints import Complaint
from rules.decisions import Audience
from rules.escalation import Watch
from rules.orders import FaultReport, Stage, WorkOrder
from rules.part_uses import PartUse, Used
from rules.people import Role, Standing
from rules.surveys import Survey, SurveyStage
from rules.tasks import Errand, Task
from storage.codec import dump
from storage.engine import restart_numbers
from storage.tables import cases, crew, deadlines, orders, people

BRANCHES = ("台北", "台中", "高雄")
MODELS = ("大金 FTXV50", "日立 RAS-28", "國際 NR-C501", "聲寶 ES-B13", "東元 TWD-15", "三洋 SR-V610")
ASPECTS = ("attitude", "technique", "arrival_time", "promises")
NAMES = ("王師傅", "趙師傅", "林師傅", "許師傅", "周師傅", "吳師傅", "鄭師傅", "何師傅", "呂師傅")
STARTS = datetime(2025, 11, 1, tzinfo=UTC)
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Year:
    """The rows of a year, collected and then put in at once."""

    random: Random
    n_orders: int
    starts: datetime = STARTS
    days: int = 395  # from the 1st of November to the end of the next one
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    n_cases: int = 0

    def put_in(self, connection: Connection, *, first_id: int = 1) -> "Year":
        """All of it, into a database in which `first_id` and what follows is free."""
        self._people(first_id)
        for number in range(1, self.n_orders + 1):
            self._order(number)
        for table in (people, orders, crew, deadlines, cases):
            connection.execute(table.insert(), self.rows[table.name])
            restart_numbers(connection, table)
        return self

    def _later(self, moment: datetime, least: float, most: float) -> datetime:
        """Some hours later, to the second."""
        return moment + timedelta(seconds=round(3600 * self.random.uniform(least, most)))

    def _add(self, table: str, **row: Any) -> None:
        self.rows.setdefault(table, []).append(row)

    def _people(self, first: int) -> None:
        self.technicians = {branch: [first + 3 * n + m for m in range(3)] for n, branch in enumerate(BRANCHES)}
        self.customers = range(first + len(NAMES), first + len(NAMES) + max(10, self.n_orders // 4))
        for n, name in enumerate(NAMES):
            self._person(first + n, name, Role.TECHNICIAN, BRANCHES[n // 3])
        for n in self.customers:
            self._person(n, f"客戶 {n}", Role.CUSTOMER, "")

    def _person(self, person: int, name: str, role: Role, branch: str) -> None:
        told = {"id": person, "name": name, "roles": [str(role)], "branch": branch, "standing": str(Standing.ACTIVE)}
        self._add("people", **told, created_at=self.starts, is_staff=role is not Role.CUSTOMER)

    def _order(self, number: int) -> None:
        random, branch = self.random, self.random.choice(BRANCHES)
        reported = self.starts + timedelta(seconds=random.randrange(self.days * 86400))
        lead, second = random.sample(self.technicians[branch], 2)
        customer, model = random.choice(self.customers), random.choice(MODELS)
        serial = random.choice(("", f"S{customer}-{MODELS.index(model)}"))
        report = FaultReport(f"客戶 {customer}", "台北市 1 號", "+886912345678", model, serial, fault="不會動", zone="urban")
        fate = random.random()
        stage = Stage.CANCELLED if fate < 0.04 else Stage.SOLVED_REMOTELY if fate < 0.10 else Stage.ARCHIVED
        stage = Stage.ACTING if fate > 0.98 else stage
        done = self._later(reported, 1, 60) if stage in (Stage.ARCHIVED, Stage.SOLVED_REMOTELY) else None
        order = WorkOrder(
            id=number, number=f"{reported:%y%m}-{number:05d}", stage=stage, branch=branch, profile="appliance",
            policy_version="1", customer=customer, report=report, reported_at=reported, lead=lead,
            crew=() if stage is Stage.SOLVED_REMOTELY else (lead, second) if random.random() < 0.15 else (lead,),
            finished_at=done, holds=self._holds(reported),
        )  # fmt: skip
        self._keep(order)
        self._promises(order)
        if done is not None:
            self._after(order, done)

    def _holds(self, reported: datetime) -> tuple[Hold, ...]:
        """Now and then the customer has another time; once in a while twice."""
        n = self.random.choice((1, 1, 2)) if self.random.random() < 0.04 else 0
        starts = [self._later(reported, 0.2, 2) for _ in range(n)]
        return tuple(Hold("customer_rescheduled", one, self._later(one, 1, 30), 1, "客戶改時間") for one in starts)

    def _keep(self, order: WorkOrder) -> None:
        told, is_open = order.report, order.stage is Stage.ACTING
        columns = {
            "id": order.id, "number": order.number, "stage": str(order.stage), "version": 7, "branch": order.branch,
            "customer_id": order.customer, "lead_id": order.lead, "customer_name": told.customer_name, "phone": "0",
            "serial": told.serial, "is_open": is_open, "reported_at": order.reported_at, "order": dump(order),
            "phone_end": "0", "model": told.model, "finished_at": order.finished_at,
        }  # fmt: skip
        self._add("orders", **columns)
        for one in order.crew:
            self._add("crew", order_id=order.id, person_id=one, tie="crew", is_open=is_open)

    def _promises(self, order: WorkOrder) -> None:
        """An arrival, sometimes a reply of SLA-2 or SLA-12 as well; kept, late, given up or still owed."""
        random, limit = self.random, timedelta(hours=self.random.choice((6, 7)))
        rules = [(Clock.ARRIVAL, random.choice(("SLA-4", "SLA-5")))]
        rules += [(Clock.REPLY, random.choice(("SLA-2", "SLA-12")))] if random.random() < 0.2 else []
        rules += [(Clock.COMPLETION, "SLA-9")] if random.random() < 0.1 else []  # of a shop
        for clock, rule in rules:
            due = order.reported_at + limit
            met = self._later(order.reported_at, 0.6, 6.5 if limit == 6 * _HOUR else 7.4)
            met = due if random.random() < 0.01 else met  # to the second
            state = "dropped" if order.stage is Stage.CANCELLED else "running" if order.stage is Stage.ACTING else "met"
            watch = Watch(promised_at(clock, due, order.reported_at, rule))
            self._add(
                "deadlines", subject=order.subject, clock=str(clock), state=state, due_at=due, rung=0, watch=dump(watch),
                met_at=met if state == "met" else None, breach_reason="",
            )  # fmt: skip

    def _after(self, order: WorkOrder, done: datetime) -> None:
        random = self.random
        if random.random() < 0.7:
            self._survey(order, self._later(done, 10, 120))
        if random.random() < 0.04:
            self._complaint(order, self._later(done, 1, 200))
        if random.random() < 0.05:
            self._comment(order, done + _DAY)
        if (dice := Random(order.number)).random() < 0.1:  # dice of their own: the rest of the year stays as it was
            self._parts(order, done, dice)

    def _parts(self, order: WorkOrder, at: datetime, dice: Random) -> None:
        """One to three parts; most old ones lie in the store, of some there was none."""
        lines = tuple(
            Used(
                "泵浦", 1, dice.choice(("returned", "returned", "lost", "none_existed")), received_by=dice.choice((None, 1, 1))
            )
            for _ in range(dice.randint(1, 3))
        )
        self._case(
            PartUse(
                number=f"{order.number}-P", branch=order.branch, opened_at=at, about=order.subject, about_number=order.number,
                technician=1, lines=lines, customer=order.customer,
            )
        )  # fmt: skip

    def _survey(self, order: WorkOrder, at: datetime) -> None:
        random = self.random
        levels = random.choices((4, 3, 2, 1), (55, 33, 8, 4), k=4)
        grades = dict(zip(ASPECTS[: random.choice((4, 4, 4, 2))], levels, strict=False))
        self._case(
            Survey(
                number=order.number,
                branch=order.branch,
                opened_at=at - _DAY,
                stage=SurveyStage.DONE,
                aspects=ASPECTS,
                grades=grades if random.random() < 0.95 else {},
                technicians=order.crew,
                about=order.subject,
                closed_at=at,
                is_early=random.random() < 0.03,
                customer=order.customer,
                answered_at=at,
            )
        )  # fmt: skip

    def _complaint(self, order: WorkOrder, at: datetime) -> None:
        """About service or about goods, upheld or not, in time or late, decided or still open."""
        random, route = self.random, self.random.choice(("service", "service", "product"))
        is_decided = random.random() < 0.85
        decided = self._later(at, 24, 384) if is_decided else None
        outcome = random.choice((Outcome.UPHELD, Outcome.UPHELD, Outcome.NOT_UPHELD, Outcome.REFUSED))
        due = at + 13 * _DAY if route == "product" else None
        left = self._later(at, 2, 60)
        first = CaseStage.QUALITY if route == "product" else CaseStage.VISIT
        passages = [Passage(first, at, at + (1 if route == "product" else 2) * _DAY, left)]
        answered = None
        if decided is not None:
            passages.append(Passage(CaseStage.EXECUTION, decided, decided + 3 * _DAY))
            answered = Answer("已處理", "chat", 1, self._later(decided, 2, 96)) if random.random() < 0.9 else None
        self._case(
            Complaint(
                number=f"{at:%y%m}{self.n_cases:04d}",
                branch=order.branch,
                opened_at=at,
                route=route,
                customer=order.customer,
                stage=CaseStage.EXECUTION if decided else first,
                about=order.subject if random.random() < 0.9 else "",
                is_serious=random.random() < 0.2,
                due_at=due,
                accepted_at=at,
                passages=tuple(passages),
                answer=answered,
                opinion=Opinion(outcome, Handling.SERVICE, "分析", "答覆", Decimal(0)) if decided else None,
                verdict=Verdict(1, "manager", decided) if decided else None,
                previous=1 if random.random() < 0.05 else None,
            )
        )  # fmt: skip

    def _comment(self, order: WorkOrder, at: datetime) -> None:
        random = self.random
        closed = self._later(at, 2, 72) if random.random() < 0.9 else None
        errand = random.choice((Errand.COMMENT, Errand.COMMENT, Errand.FOLLOW_UP))
        self._case(
            Task(
                number=f"{order.number}-C",
                branch=order.branch,
                opened_at=at,
                stage="done" if closed else "open",
                about=order.subject,
                about_number=order.number,
                errand=errand,
                due_at=at + 2 * _DAY,
                closed_at=closed,
                post=Audience.SERVICE_DEPT,
                customer=order.customer,
            )
        )  # fmt: skip

    def _case(self, case: Survey | Complaint | Task | PartUse) -> None:
        self.n_cases += 1
        case = replace(case, id=self.n_cases)
        self._add(
            "cases", id=case.id, kind=case.kind, number=case.number, stage=str(case.stage), version=1, branch=case.branch,
            customer_id=case.customer, about=case.about, is_open=case.is_open, is_urgent=case.is_urgent,
            opened_at=case.opened_at, closed_at=case.closed_at, body=dump(case),
        )  # fmt: skip


def made_up(connection: Connection, n_orders: int, *, seed: int = 2026) -> Year:
    """A year of so many orders in a database without people or orders."""
    return Year(Random(seed), n_orders).put_in(connection)
