"""The living card of any subject, by its name (DESIGN 10.1)."""

from datetime import datetime

from sqlalchemy import Connection

from handlers import compensating, expensing, returning
from handlers.cards import card as order_card
from handlers.case_cards import complaint_card, statement_card, task_card
from handlers.contract_cards import contract_card, route_card
from handlers.daily_cards import branch_card, daily_card
from handlers.dealing_cards import backorder_card, claim_card, shipment_card, transfer_card
from handlers.documents import document_card
from handlers.goods_cards import goods_card
from handlers.handover_cards import handover_card
from handlers.hazards import hazard_card
from handlers.money_cards import invoice_card, quote_card, receipt_card
from handlers.said import Body, said
from handlers.sheet_cards import pickup_card, sheet_card
from handlers.stock_cards import count_card, goods_receipt_card, requisition_card, use_card
from handlers.survey_cards import survey_card
from handlers.turn import Company
from rules.backorders import Backorder
from rules.branch_reports import BranchReport
from rules.cases import Case
from rules.charges import Receipt
from rules.claims import Claim
from rules.compensations import Compensation
from rules.complaints import Complaint
from rules.contracts import Contract
from rules.counts import Count
from rules.dailies import DailyReport
from rules.documents import Document
from rules.expenses import Advance, Expense
from rules.goods import Goods
from rules.handovers import Handover
from rules.hazards import Hazard
from rules.invoices import Invoice
from rules.orders import WorkOrder
from rules.part_uses import PartUse
from rules.people import Person
from rules.pickups import Pickup
from rules.quotes import Quote
from rules.receipts import GoodsReceipt
from rules.requisitions import Requisition
from rules.returns import Return
from rules.rounds import Route
from rules.sheets import Sheet
from rules.shipments import Shipment
from rules.statements import Statement
from rules.surveys import Survey
from rules.tasks import Task
from rules.transfers import Transfer
from storage import people, stock, subjects
from storage.cases import STOCK_KINDS


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
    if isinstance(found, Goods):
        return goods_card(found, person)
    if isinstance(found, Pickup):
        return pickup_card(found, person, company)
    if isinstance(found, DailyReport):
        return daily_card(found, person)
    if isinstance(found, BranchReport):
        return branch_card(found, person)
    if isinstance(found, Case) and found.kind in STOCK_KINDS:
        return _of_the_store(connection, found, person, company)
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
    if isinstance(found, Compensation):
        return compensating.card(found, person)
    if isinstance(found, Statement):
        return statement_card(connection, found, person, company)
    return None


def _of_the_store(connection: Connection, found: Case, person: Person, company: Company) -> Body | None:
    """Papers of the store; who may not see one any more reads nothing of it (CND-2)."""
    if not found.seen_by(person):
        return said("card.out-of-sight", {"number": found.number})
    if isinstance(found, Requisition):
        return requisition_card(found, person, company)
    if isinstance(found, PartUse):
        return use_card(connection, found, person, company)
    if isinstance(found, GoodsReceipt):
        return goods_receipt_card(found, person)
    if isinstance(found, Transfer):
        return transfer_card(found, person)
    if isinstance(found, Shipment):
        return shipment_card(found, person, company)
    if isinstance(found, Claim):
        return claim_card(found, person, company)
    if isinstance(found, Backorder):
        return backorder_card(found, person)
    if isinstance(found, Count):
        place = stock.place_of(connection, found.place)
        name = people.name_of(connection, place.person) if place.person else place.name if place.name != "main" else ""
        return count_card(found, person, name or {"text": "place.store"})
    return None
