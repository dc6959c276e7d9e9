"""Roles, deeds and the table of who may do what (RULEBOOK 1, ROL-1). The default is no."""

from enum import StrEnum


class Role(StrEnum):
    """RULEBOOK 1, in its words; `ADMINISTRATOR` sets the desk up."""

    CUSTOMER = "customer"
    CLERK = "clerk"
    TECHNICIAN = "technician"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    SERVICE_DEPT = "service_dept"
    DEPUTY_GM = "deputy_gm"
    GM = "gm"
    CASE_OFFICE = "case_office"
    SALES = "sales"
    QUALITY = "quality"
    MANUFACTURING = "manufacturing"
    RND = "rnd"
    ACCOUNTANT = "accountant"
    WAREHOUSE = "warehouse"
    ALLOCATOR = "allocator"
    PLANNER = "planner"
    BUYER = "buyer"
    PARTS_MANAGER = "parts_manager"
    CLAIMS = "claims"
    ADVISER = "adviser"
    STORE_STAFF = "store_staff"
    AREA_SUPERVISOR = "area_supervisor"
    OPS_MANAGER = "ops_manager"
    MARKETING_DIRECTOR = "marketing_director"
    STATION = "station"
    HR = "hr"
    ADMINISTRATOR = "administrator"


class Deed(StrEnum):
    """Everything that can be done. A command, button or page without a deed does not exist."""

    REPORT_FAULT = "report_fault"
    REGISTER_CALL = "register_call"
    SEE_ORDER = "see_order"
    SEE_CONTACT = "see_contact"
    SEE_BRANCH = "see_branch"
    SEARCH = "search"
    CLARIFY = "clarify"
    ASK_BACK = "ask_back"
    ANSWER_CUSTOMER = "answer_customer"
    WRITE_CONTACT = "write_contact"
    DISPATCH = "dispatch"
    OFFER = "offer"
    TAKE_OFFER = "take_offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    OBJECT = "object"
    PREPARE = "prepare"
    DEPART = "depart"
    ARRIVE = "arrive"
    RECORD_FINDINGS = "record_findings"
    RAISE_PROBLEM = "raise_problem"
    DECIDE_PROBLEM = "decide_problem"
    COLLECT_SIGNATURE = "collect_signature"
    CLOSE_UNSIGNED = "close_unsigned"
    APPROVE_UNSIGNED = "approve_unsigned"
    DISPUTE = "dispute"
    BRIEF_REPORT = "brief_report"
    GIVE_NEXT = "give_next"
    CANCEL_IN_REGISTER = "cancel_in_register"
    APPROVE_REPORT = "approve_report"
    RETURN_REPORT = "return_report"
    CANCEL_ORDER = "cancel_order"
    SOLVE_REMOTELY = "solve_remotely"
    HOLD = "hold"
    RELAY = "relay"
    REMARK = "remark"
    ACKNOWLEDGE = "acknowledge"
    CHECK_SAFETY = "check_safety"
    REFUSE_UNSAFE = "refuse_unsafe"
    DECLARE_EMERGENCY = "declare_emergency"
    STEP_EMERGENCY = "step_emergency"
    STAND_DOWN = "stand_down"
    PUNCH = "punch"
    SEE_ROSTER = "see_roster"
    PLAN_DUTY = "plan_duty"
    ASK_LEAVE = "ask_leave"
    DECIDE_LEAVE = "decide_leave"
    KEEP_LICENCES = "keep_licences"
    NAME_DEPUTY = "name_deputy"
    BIND_GROUP = "bind_group"
    REPORT_HAZARD = "report_hazard"
    CLEAR_HAZARD = "clear_hazard"
    ORDER_CLEAN_UP = "order_clean_up"
    SET_LEAVING = "set_leaving"
    NAME_SUCCESSOR = "name_successor"
    LEND = "lend"
    CLASSIFY = "classify"
    DECIDE_CLASS = "decide_class"
    QUOTE = "quote"
    CONSENT_TO_CHARGE = "consent_to_charge"
    ANSWER_QUOTE = "answer_quote"
    COLLECT = "collect"
    ASK_INVOICE = "ask_invoice"
    ISSUE_INVOICE = "issue_invoice"
    COUNT_CASH = "count_cash"
    SEE_MONEY = "see_money"
    CLAIM_EXPENSE = "claim_expense"
    APPROVE_EXPENSE = "approve_expense"
    PAY_EXPENSE = "pay_expense"
    TAKE_BACK_GOODS = "take_back_goods"
    DECIDE_RETURN = "decide_return"
    SEE_CONTRACTS = "see_contracts"
    KEEP_CONTRACTS = "keep_contracts"
    KEEP_ROUTES = "keep_routes"
    WALK_ROUND = "walk_round"
    MARK_READY = "mark_ready"
    CHASE = "chase"
    REGISTER_GOODS = "register_goods"
    REPAIR_GOODS = "repair_goods"
    INSPECT_GOODS = "inspect_goods"
    SETTLE_GOODS = "settle_goods"
    HAND_BACK_GOODS = "hand_back_goods"
    REGISTER_BACKORDER = "register_backorder"
    ASK_ABOVE = "ask_above"
    SETTLE_ABOVE = "settle_above"
    HAND_OVER_SHIFT = "hand_over_shift"
    REPORT_ACCIDENT = "report_accident"
    CLOSE_ACCIDENT = "close_accident"
    ORDER_RECTIFICATION = "order_rectification"
    ORDER_OVERHAUL = "order_overhaul"
    WARN_STORES = "warn_stores"
    READ_WARNING = "read_warning"
    FILE_PLAN = "file_plan"
    APPROVE_PLAN = "approve_plan"
    PLAN_CUSTOMER_VISIT = "plan_customer_visit"
    BORROW_DOCUMENT = "borrow_document"
    KEEP_DOCUMENTS = "keep_documents"
    SEND_NEWS = "send_news"
    DAILY_REPORT = "daily_report"
    REVIEW_DAILY = "review_daily"
    SIGN_BRANCH_REPORT = "sign_branch_report"
    COUNTERSIGN = "countersign"
    READ_BRANCH_REPORT = "read_branch_report"
    COMPLAIN = "complain"
    FILE_COMPLAINT = "file_complaint"
    SEE_COMPLAINT = "see_complaint"
    SEE_CASES = "see_cases"
    COMPLETE_FORM = "complete_form"
    CHECK_FORM = "check_form"
    INSPECT = "inspect"
    NAME_INSPECTOR = "name_inspector"
    INVESTIGATE = "investigate"
    ANALYSE = "analyse"
    ENGINEER = "engineer"
    SKIP_STAGE = "skip_stage"
    NEGOTIATE = "negotiate"
    SYNTHESISE = "synthesise"
    VISIT_COMPLAINER = "visit_complainer"
    HANDLE_COMPLAINT = "handle_complaint"
    DECIDE_COMPLAINT = "decide_complaint"
    ANSWER_COMPLAINT = "answer_complaint"
    ACCEPT_RESULT = "accept_result"
    OBJECT_TO_DECISION = "object_to_decision"
    MARK_SERIOUS = "mark_serious"
    READ_SERIOUS = "read_serious"
    SEND_SLIP = "send_slip"
    ANSWER_SLIP = "answer_slip"
    ACKNOWLEDGE_COPY = "acknowledge_copy"
    WRITE_PAPER = "write_paper"
    RECEIVE_GOODS = "receive_goods"
    PROPOSE_SANCTION = "propose_sanction"
    DECIDE_SANCTION = "decide_sanction"
    CONFIRM_STATISTICS = "confirm_statistics"
    ANSWER_SURVEY = "answer_survey"
    ENTER_SURVEY = "enter_survey"
    SEE_RATINGS = "see_ratings"
    SEE_FIGURES = "see_figures"
    SEE_OWN_SHEET = "see_own_sheet"
    DO_TASK = "do_task"
    ACKNOWLEDGE_CASE = "acknowledge_case"
    SEE_STOCK = "see_stock"
    ASK_PARTS = "ask_parts"
    APPROVE_PARTS = "approve_parts"
    RELEASE_PARTS = "release_parts"
    ISSUE_PARTS = "issue_parts"
    KEEP_STOCK = "keep_stock"
    COUNT_STOCK = "count_stock"
    ADJUST_STOCK = "adjust_stock"
    WRITE_OFF = "write_off"
    CONFIRM_ARRIVAL = "confirm_arrival"
    KEEP_CLAIMS = "keep_claims"
    KEEP_BACKORDERS = "keep_backorders"
    INVITE = "invite"
    CONFIRM_STAFF = "confirm_staff"
    CHANGE_STAFF = "change_staff"


_FIELD = {
    Deed.ACCEPT, Deed.DECLINE, Deed.OBJECT, Deed.PREPARE, Deed.DEPART, Deed.ARRIVE, Deed.RECORD_FINDINGS, Deed.RAISE_PROBLEM,
    Deed.COLLECT_SIGNATURE, Deed.CLOSE_UNSIGNED, Deed.BRIEF_REPORT, Deed.TAKE_OFFER,
}  # fmt: skip
_SEEING = {Deed.SEE_ORDER, Deed.SEE_CONTACT, Deed.SEARCH, Deed.REMARK}
_CLERKING = _SEEING | {
    Deed.SEE_BRANCH, Deed.REGISTER_CALL, Deed.ASK_BACK, Deed.CLARIFY, Deed.ANSWER_CUSTOMER, Deed.WRITE_CONTACT,
    Deed.CANCEL_IN_REGISTER, Deed.CANCEL_ORDER, Deed.SOLVE_REMOTELY, Deed.RELAY, Deed.ACKNOWLEDGE,
}  # fmt: skip
_LEADING = _CLERKING | {
    Deed.DISPATCH, Deed.OFFER, Deed.DECIDE_PROBLEM, Deed.APPROVE_UNSIGNED, Deed.APPROVE_REPORT, Deed.RETURN_REPORT,
    Deed.GIVE_NEXT, Deed.HOLD,
}  # fmt: skip

_CASES = {Deed.SEE_COMPLAINT, Deed.SEE_CASES, Deed.ACKNOWLEDGE_CASE, Deed.DO_TASK}
_DEPARTMENT = _CASES | {Deed.OBJECT_TO_DECISION, Deed.ANSWER_SLIP, Deed.ACKNOWLEDGE_COPY, Deed.CONFIRM_STATISTICS, Deed.INSPECT}
_ENTERING = {Deed.FILE_COMPLAINT, Deed.MARK_SERIOUS, Deed.ANSWER_SLIP} | _CASES
_BY_PHONE = {Deed.ENTER_SURVEY}
_ANSWERING = {Deed.ANSWER_COMPLAINT, Deed.WRITE_PAPER}
_STANDING_IN = {  # what a manager does for a department whose post is empty, or when he heads it
    Deed.COMPLETE_FORM, Deed.INVESTIGATE, Deed.ANALYSE, Deed.ENGINEER, Deed.SKIP_STAGE, Deed.NEGOTIATE, Deed.HANDLE_COMPLAINT,
    Deed.INSPECT, Deed.ACKNOWLEDGE_COPY, Deed.CONFIRM_STATISTICS, Deed.RECEIVE_GOODS,
}  # fmt: skip
_OFFICE = {Deed.CHECK_FORM, Deed.SYNTHESISE, Deed.SEND_SLIP, Deed.SKIP_STAGE, Deed.PROPOSE_SANCTION, Deed.COMPLETE_FORM}
_HEADING = _ENTERING | _OFFICE | {
    Deed.DECIDE_COMPLAINT, Deed.READ_SERIOUS, Deed.DECIDE_SANCTION, Deed.NAME_INSPECTOR, Deed.SEE_RATINGS,
}  # fmt: skip

MAY: dict[Role, frozenset[Deed]] = {role: frozenset() for role in Role}
MAY |= {
    Role.CUSTOMER: frozenset(
        {Deed.REPORT_FAULT, Deed.SEE_ORDER, Deed.CLARIFY, Deed.REMARK, Deed.DISPUTE, Deed.CANCEL_ORDER}
        | {Deed.COMPLAIN, Deed.SEE_COMPLAINT, Deed.ACCEPT_RESULT, Deed.ANSWER_SURVEY}
    ),
    Role.TECHNICIAN: frozenset(
        _FIELD | _SEEING | {Deed.ACKNOWLEDGE, Deed.WRITE_CONTACT, Deed.RELAY, Deed.REPORT_FAULT, Deed.SEE_RATINGS}
    ),
    Role.CLERK: frozenset(_CLERKING | _ENTERING | _BY_PHONE | {Deed.REPORT_FAULT}),
    Role.SUPERVISOR: frozenset(
        _LEADING
        | _ENTERING
        | _BY_PHONE
        | {Deed.REPORT_FAULT, Deed.INVITE}
        | {Deed.VISIT_COMPLAINER, Deed.OBJECT_TO_DECISION, Deed.SEE_RATINGS}
        | {Deed.HANDLE_COMPLAINT, Deed.ANSWER_COMPLAINT, Deed.DECIDE_COMPLAINT}
    ),
    Role.MANAGER: frozenset(
        _LEADING
        | _ENTERING
        | _BY_PHONE
        | _ANSWERING
        | _STANDING_IN
        | {Deed.REPORT_FAULT, Deed.INVITE}
        | {Deed.VISIT_COMPLAINER, Deed.OBJECT_TO_DECISION, Deed.DECIDE_COMPLAINT, Deed.DECIDE_SANCTION, Deed.SEE_RATINGS}
    ),
    Role.SERVICE_DEPT: frozenset(
        _SEEING
        | _ENTERING
        | _BY_PHONE
        | _ANSWERING
        | {Deed.SEE_BRANCH, Deed.ACKNOWLEDGE, Deed.ANSWER_CUSTOMER, Deed.RELAY}
        | {Deed.HANDLE_COMPLAINT, Deed.SEE_RATINGS}
    ),
    Role.DEPUTY_GM: frozenset(_SEEING | _HEADING | {Deed.SEE_BRANCH, Deed.ACKNOWLEDGE}),
    Role.GM: frozenset(_SEEING | _HEADING | {Deed.SEE_BRANCH, Deed.ACKNOWLEDGE}),
    Role.CASE_OFFICE: frozenset(_DEPARTMENT | _ENTERING | _OFFICE),
    Role.SALES: frozenset(_DEPARTMENT | _ENTERING | _ANSWERING | {Deed.COMPLETE_FORM, Deed.NEGOTIATE}),
    Role.QUALITY: frozenset(_DEPARTMENT | {Deed.INVESTIGATE}),
    Role.MANUFACTURING: frozenset(_DEPARTMENT | {Deed.ANALYSE}),
    Role.RND: frozenset(_DEPARTMENT | {Deed.ENGINEER, Deed.SKIP_STAGE}),
    Role.ACCOUNTANT: frozenset(_CASES | {Deed.ACKNOWLEDGE_COPY}),
    Role.WAREHOUSE: frozenset(_CASES | {Deed.RECEIVE_GOODS}),
    Role.ADVISER: frozenset(_ENTERING | _BY_PHONE),
    Role.ADMINISTRATOR: frozenset(
        {Deed.INVITE, Deed.CONFIRM_STAFF, Deed.CHANGE_STAFF, Deed.ACKNOWLEDGE, Deed.ACKNOWLEDGE_CASE}
    ),
}

_DANGER = frozenset({Deed.DECLARE_EMERGENCY, Deed.STEP_EMERGENCY, Deed.STAND_DOWN})
_AT_WORK = frozenset({Deed.PUNCH, Deed.SEE_ROSTER, Deed.ASK_LEAVE, Deed.REPORT_HAZARD})
_CONTRACTS = frozenset({Deed.SEE_CONTRACTS, Deed.KEEP_CONTRACTS})
_LEADING_PEOPLE = frozenset(
    {Deed.PLAN_DUTY, Deed.DECIDE_LEAVE, Deed.KEEP_LICENCES, Deed.NAME_DEPUTY, Deed.BIND_GROUP, Deed.LEND, Deed.NAME_SUCCESSOR}
    | {Deed.CLEAR_HAZARD, Deed.ORDER_CLEAN_UP}
)
_SEEING_OFF = frozenset({Deed.SET_LEAVING, Deed.NAME_SUCCESSOR})
_REPORTS = frozenset({Deed.REVIEW_DAILY, Deed.SIGN_BRANCH_REPORT, Deed.READ_BRANCH_REPORT})
_BRANCH_HEAD = _DANGER | _AT_WORK | _CONTRACTS | _LEADING_PEOPLE | _REPORTS | {Deed.KEEP_ROUTES, Deed.WALK_ROUND}
_MORE: dict[Role, frozenset[Deed]] = {
    Role.CUSTOMER: frozenset({Deed.STAND_DOWN}),
    Role.TECHNICIAN: _DANGER | _AT_WORK | {Deed.CHECK_SAFETY, Deed.REFUSE_UNSAFE, Deed.WALK_ROUND, Deed.DAILY_REPORT},
    Role.CLERK: _DANGER | _AT_WORK | _CONTRACTS | {Deed.PLAN_DUTY, Deed.KEEP_LICENCES, Deed.NAME_DEPUTY},
    Role.SUPERVISOR: _BRANCH_HEAD,
    Role.MANAGER: _BRANCH_HEAD | _SEEING_OFF | {Deed.COUNTERSIGN},
    Role.SERVICE_DEPT: _AT_WORK | {Deed.NAME_DEPUTY, Deed.SEE_CONTRACTS, Deed.READ_BRANCH_REPORT},
    Role.DEPUTY_GM: frozenset({Deed.READ_BRANCH_REPORT, Deed.CLEAR_HAZARD}),
    Role.GM: frozenset({Deed.READ_BRANCH_REPORT, Deed.CLEAR_HAZARD}),
    Role.SALES: frozenset({Deed.SEE_CONTRACTS}),
    Role.WAREHOUSE: _AT_WORK | {Deed.LEND},
    Role.HR: _SEEING_OFF,
    Role.ADMINISTRATOR: _SEEING_OFF | {Deed.BIND_GROUP},
}
"""What safety, duty, contracts and reports add."""
MAY = {role: deeds | _MORE.get(role, frozenset()) for role, deeds in MAY.items()}
_FIGURES: dict[Role, frozenset[Deed]] = {
    role: frozenset({Deed.SEE_FIGURES}) for role in (Role.SUPERVISOR, Role.MANAGER, Role.SERVICE_DEPT, Role.DEPUTY_GM, Role.GM)
}
_FIGURES[Role.TECHNICIAN] = frozenset({Deed.SEE_OWN_SHEET})
MAY = {role: deeds | _FIGURES.get(role, frozenset()) for role, deeds in MAY.items()}
"""KPI-15: whoever leads sees the figures, a technician his own sheet only."""

_ON_PAPER = frozenset({Deed.PLAN_CUSTOMER_VISIT, Deed.REGISTER_BACKORDER, Deed.ASK_ABOVE, Deed.BORROW_DOCUMENT})
_IN_THE_WORKS = frozenset({Deed.HAND_OVER_SHIFT, Deed.REPORT_ACCIDENT})
_KEEPING = _ON_PAPER | {
    Deed.MARK_READY, Deed.REPORT_ACCIDENT, Deed.ORDER_RECTIFICATION, Deed.ORDER_OVERHAUL, Deed.KEEP_DOCUMENTS,
}  # fmt: skip
_HEADING_A_BRANCH = _KEEPING | _IN_THE_WORKS | {Deed.CLOSE_ACCIDENT, Deed.READ_WARNING, Deed.FILE_PLAN}
_PAPERWORK: dict[Role, frozenset[Deed]] = {
    Role.TECHNICIAN: _IN_THE_WORKS | {Deed.ASK_ABOVE, Deed.BORROW_DOCUMENT},
    Role.CLERK: _KEEPING,
    Role.SUPERVISOR: _HEADING_A_BRANCH,
    Role.MANAGER: _HEADING_A_BRANCH | {Deed.SETTLE_ABOVE, Deed.WARN_STORES, Deed.APPROVE_PLAN, Deed.SEND_NEWS},
    Role.SERVICE_DEPT: frozenset({Deed.CHASE, Deed.WARN_STORES, Deed.SEND_NEWS}),
    Role.DEPUTY_GM: frozenset({Deed.CHASE, Deed.APPROVE_PLAN}),
    Role.GM: frozenset({Deed.CHASE, Deed.APPROVE_PLAN}),
    Role.SALES: frozenset({Deed.PLAN_CUSTOMER_VISIT}),
    Role.QUALITY: frozenset({Deed.WARN_STORES, Deed.KEEP_DOCUMENTS, Deed.BORROW_DOCUMENT}),
    Role.WAREHOUSE: frozenset({Deed.KEEP_DOCUMENTS, Deed.BORROW_DOCUMENT}),
    Role.ADVISER: _ON_PAPER | {Deed.SEND_NEWS},
    Role.STORE_STAFF: frozenset({Deed.REGISTER_BACKORDER, Deed.ASK_ABOVE, Deed.READ_WARNING}),
    Role.AREA_SUPERVISOR: frozenset({Deed.SETTLE_ABOVE, Deed.READ_WARNING}),
    Role.OPS_MANAGER: frozenset({Deed.SETTLE_ABOVE, Deed.WARN_STORES}),
}
"""What sheets, records and pick-ups add."""
MAY = {role: deeds | _PAPERWORK.get(role, frozenset()) for role, deeds in MAY.items()}

_COUNTER = frozenset({Deed.REGISTER_GOODS, Deed.HAND_BACK_GOODS})
_WORKSHOP: dict[Role, frozenset[Deed]] = {
    Role.TECHNICIAN: frozenset({Deed.REPAIR_GOODS, Deed.HAND_BACK_GOODS}),
    Role.CLERK: _COUNTER,
    Role.STORE_STAFF: _COUNTER,
    Role.ADVISER: _COUNTER,
    Role.SUPERVISOR: _COUNTER | {Deed.REPAIR_GOODS, Deed.INSPECT_GOODS, Deed.SETTLE_GOODS},
    Role.MANAGER: _COUNTER | {Deed.REPAIR_GOODS, Deed.INSPECT_GOODS, Deed.SETTLE_GOODS},
}
"""What goods taken in add."""
MAY = {role: deeds | _WORKSHOP.get(role, frozenset()) for role, deeds in MAY.items()}

_STOREKEEPING = frozenset(
    {Deed.SEE_STOCK, Deed.ISSUE_PARTS, Deed.KEEP_STOCK, Deed.COUNT_STOCK, Deed.WRITE_OFF, Deed.KEEP_BACKORDERS}
)
_HEADING_PARTS = _STOREKEEPING | {Deed.ASK_PARTS, Deed.APPROVE_PARTS, Deed.ADJUST_STOCK, Deed.KEEP_CLAIMS}
_STOCK: dict[Role, frozenset[Deed]] = {
    Role.TECHNICIAN: frozenset({Deed.ASK_PARTS}),
    Role.CLERK: frozenset({Deed.SEE_STOCK, Deed.KEEP_BACKORDERS}),
    Role.SUPERVISOR: _HEADING_PARTS,
    Role.MANAGER: _HEADING_PARTS,
    Role.ACCOUNTANT: frozenset({Deed.SEE_STOCK, Deed.WRITE_OFF}),
    Role.WAREHOUSE: _STOREKEEPING,
    Role.ALLOCATOR: frozenset({Deed.SEE_STOCK, Deed.RELEASE_PARTS}),
    Role.PLANNER: frozenset({Deed.SEE_STOCK, Deed.ADJUST_STOCK}),
    Role.BUYER: frozenset({Deed.SEE_STOCK}),
    Role.CLAIMS: frozenset({Deed.SEE_STOCK, Deed.KEEP_CLAIMS}),
    Role.STORE_STAFF: frozenset({Deed.SEE_STOCK, Deed.KEEP_BACKORDERS}),
    Role.STATION: frozenset({Deed.CONFIRM_ARRIVAL}),
    Role.PARTS_MANAGER: _STOREKEEPING | {Deed.ADJUST_STOCK},
}
"""What parts and stock add. Who heads a branch keeps its store where nobody else does; unapproved nobody issues (PRT-2)."""
MAY = {role: deeds | _STOCK.get(role, frozenset()) for role, deeds in MAY.items()}

_CHARGING = frozenset({Deed.CLASSIFY, Deed.QUOTE, Deed.ASK_INVOICE, Deed.CLAIM_EXPENSE})
_CONSENTING = _CHARGING | {Deed.DECIDE_CLASS, Deed.CONSENT_TO_CHARGE, Deed.SEE_MONEY, Deed.APPROVE_EXPENSE}
_SHOP = frozenset({Deed.TAKE_BACK_GOODS})
_LEADING_MONEY = _CONSENTING | _SHOP | {Deed.DECIDE_RETURN}
_MONEY: dict[Role, frozenset[Deed]] = {
    Role.CUSTOMER: frozenset({Deed.ANSWER_QUOTE}),
    Role.TECHNICIAN: _CHARGING | {Deed.COLLECT},
    Role.CLERK: _CHARGING | _SHOP,
    Role.SUPERVISOR: _LEADING_MONEY,
    Role.MANAGER: _LEADING_MONEY,
    Role.ACCOUNTANT: frozenset({Deed.SEE_ORDER, Deed.COLLECT, Deed.ISSUE_INVOICE, Deed.COUNT_CASH, Deed.SEE_MONEY})
    | {Deed.PAY_EXPENSE},
    Role.ADVISER: _SHOP,
    Role.STORE_STAFF: _SHOP,
}
"""What classes, charges, expenses and goods brought back add."""
MAY = {role: deeds | _MONEY.get(role, frozenset()) for role, deeds in MAY.items()}

DEPARTMENTS = frozenset({Role.CASE_OFFICE, Role.SALES, Role.QUALITY, Role.MANUFACTURING, Role.RND, Role.ACCOUNTANT})
"""Whose work is the company's complaints rather than a branch's orders (CMP-7)."""

EVERY_BRANCH = (
    frozenset({Role.SERVICE_DEPT, Role.DEPUTY_GM, Role.GM, Role.HR, Role.AREA_SUPERVISOR, Role.OPS_MANAGER, Role.ADMINISTRATOR})
    | DEPARTMENTS
)
"""ROL-4: headquarters sees every branch, as far as its roles may see anything."""

_OF_STOCK = frozenset(
    {Role.ALLOCATOR, Role.PLANNER, Role.BUYER, Role.PARTS_MANAGER, Role.CLAIMS, Role.STORE_STAFF, Role.STATION}
)
OF_THE_BRANCH = frozenset({Role.CLERK, Role.SUPERVISOR, Role.MANAGER, Role.WAREHOUSE, Role.ADVISER}) | _OF_STOCK | EVERY_BRANCH
"""Roles whose relation to an order is its branch, not their own part in it."""
