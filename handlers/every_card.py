"""The living card of any subject, by its name (DESIGN 10.1)."""

from datetime import datetime

from sqlalchemy import Connection

from handlers import expensing, returning
from handlers.cards import card as order_card
from handlers.case_cards import complaint_card, statement_card, task_card
from handlers.contract_cards import contract_card, route_card
from handlers.daily_cards import branch_card, daily_card
from handlers.documents import document_card
from handlers.handover_cards import handover_card
from handlers.hazards import hazard_card
from handlers.money_cards import invoice_card, quote_card, receipt_card
from handlers.said import Body
from handlers.sheet_cards import pickup_card, sheet_card
from handlers.survey_cards import survey_card
from handlers.turn import Company
from rules.branch_reports import BranchReport
from rules.charges import Receipt
from rules.complaints import Complaint
from rules.contracts import Contract
from rules.dailies import DailyReport
from rules.documents import Document
from rules.expenses import Advance, Expense
from rules.handovers import Handover
from rules.hazards import Hazard
from rules.invoices import Invoice
from rules.orders import WorkOrder
from rules.people import Person
from rules.pickups import Pickup
from rules.quotes import Quote
from rules.returns import Return
from rules.rounds import Route
from rules.sheets import Sheet
from rules.statements import Statement
from rules.surveys import Survey
from rules.tasks import Task
from storage import subjects


def card_of(
    connection: Connection, subject: str, person: Person, company: Company, *, now: datetime, is_sparing: bool = False
) -> Body | None:
    """What stands on a person's card now, None when there is nothing of that name.

    `is_sparing`: where each message is counted a survey is one of them.
    """
    found = subjects.by_name(connection, subject)
    if isinstance(found, WorkOrder):
        return order_card(connection, found, person, company, now=now)
    if isinstance(found, Complaint):
        return complaint_card(connection, found, person, company)
    if isinstance(found, Survey):
        return survey_card(connection, found, person, company, is_whole=is_sparing)
    if isinstance(found, Task):
        return task_card(connection, found, person, company)
    if isinstance(found, Contract):
        return contract_card(connection, found, person, company, now=now)
    if isinstance(found, Route):
        return route_card(connection, found, person, company, now=now)
    if isinstance(found, Sheet):
        return sheet_card(found, person)
    if isinstance(found, Document):
        return document_card(found, person)
    if isinstance(found, Pickup):
        return pickup_card(found, person, company)
    if isinstance(found, DailyReport):
        return daily_card(found, person)
    if isinstance(found, BranchReport):
        return branch_card(found, person)
    if isinstance(found, Handover):
        return handover_card(connection, found, person)
    if isinstance(found, Hazard):
        return hazard_card(connection, found, person)
    if isinstance(found, Quote):
        return quote_card(connection, found, person, company, now=now)
    if isinstance(found, Receipt):
        return receipt_card(found, person)
    if isinstance(found, Invoice):
        return invoice_card(found, person)
    if isinstance(found, Advance | Expense):
        return expensing.card(found, person)
    if isinstance(found, Return):
        return returning.card(found, person)
    if isinstance(found, Statement):
        return statement_card(connection, found, person, company)
    return None
