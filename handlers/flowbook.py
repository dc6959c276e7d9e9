"""Every conversation by name: how it asks and what becomes of its outcome. Adding a flow adds one line here."""

from handlers import alarms, complaining, duty_outcomes, outcomes, safety_outcomes, survey_outcomes
from handlers import case_outcomes as cases
from handlers.engine import Engine, Flow
from handlers.flows import case_stages, complaints, office, opinions, papers, report, visit
from handlers.flows import duty as duty_flows
from handlers.flows import safety as safety_flows
from rules import (
    closing,
    complaint_decisions,
    complaint_inspections,
    complaint_intake,
    complaint_stages,
    dispatch,
    emergencies,
    intake,
    visits,
)
from rules.orders import Stage

_simply = outcomes.simply

ENGINE = Engine(
    {
        flow.name: flow
        for flow in (
            Flow("report", report.report, outcomes.reported),
            Flow("register", report.register, outcomes.reported),
            Flow("clarify", report.clarify, outcomes.clarified),
            Flow("arrive", visit.arrive, outcomes.found),
            Flow("listen", visit.listen, outcomes.found),
            Flow("look", visit.look, outcomes.found),
            Flow("check", visit.check, outcomes.found),
            Flow("act", visit.act, outcomes.found),
            Flow("parts", visit.parts, outcomes.found),
            Flow("test", visit.test, outcomes.found),
            Flow("sign", papers.sign, outcomes.signed),
            Flow("unsigned", papers.unsigned, outcomes.unsigned),
            Flow("leave", papers.leave, outcomes.left),
            Flow("dispatch", office.dispatch, outcomes.dispatched),
            Flow("send", office.send, outcomes.sent),
            Flow("decline", office.decline, outcomes.declined),
            Flow("cancel", office.cancel, outcomes.cancelled),
            Flow("hold", office.hold, outcomes.held),
            Flow("late", office.late, outcomes.late),
            Flow("object", office.object_, _simply(dispatch.object_to, "done.object")),
            Flow("override", office.override, _simply(dispatch.override, "done.override")),
            Flow("ask_back", office.ask_back, _simply(intake.ask_back, "done.ask_back")),
            Flow("answer", office.answer, _simply(intake.answer_customer, "done.answer")),
            Flow("solve", office.solve, _simply(intake.solve_remotely, "done.solve")),
            Flow("write_contact", office.write_contact, _simply(intake.write_contact, "done.write_contact")),
            Flow("problem", office.problem, _simply(visits.raise_problem, "done.problem")),
            Flow("decide", office.decide, _simply(visits.decide_problem, "done.decide")),
            Flow("wait_parts", office.wait, outcomes.waits(Stage.WAITING_PARTS)),
            Flow("take_back", office.wait, outcomes.waits(Stage.TAKEN_BACK)),
            Flow("dispute", office.dispute, complaining.disputed),
            Flow("return", office.return_, _simply(closing.return_report, "done.return")),
            Flow("clear", office.clear, _simply(closing.approve, "done.approve")),
            Flow("give_next", office.give_next, _simply(closing.give_next, "done.give_next")),
            Flow("breach", office.breach, outcomes.breach_explained),
            Flow("safety", safety_flows.safety, safety_outcomes.checked),
            Flow("alarm", safety_flows.alarm, lambda turn, _order, outcome: alarms.sound(turn, outcome.picked)),
            Flow("declare", safety_flows.declare, safety_outcomes.declared),
            Flow("stand_down", safety_flows.stand_down, _simply(emergencies.stand_down, "done.stand_down")),
            Flow("refuse_unsafe", safety_flows.refuse_unsafe, safety_outcomes.refused),
            Flow("duty", duty_flows.duty, duty_outcomes.planned),
            Flow("rotation", duty_flows.rotation, duty_outcomes.planned),
            Flow("absence", duty_flows.absence, duty_outcomes.leave_asked),
            Flow("deputy", duty_flows.deputy, duty_outcomes.deputy_named),
            Flow("licence", duty_flows.licence, duty_outcomes.licensed),
            Flow("lend", duty_flows.lend, duty_outcomes.lent),
            Flow("find", office.find, outcomes.searched),
            Flow("invite", office.invite, outcomes.invited),
            Flow("talk", office.talk, outcomes.talked),
            Flow("name", office.name, outcomes.named),
            Flow("complain", complaints.complain, complaining.complained),
            Flow("file_service", complaints.file_service, complaining.filed),
            Flow("file_goods", complaints.file_goods, complaining.filed),
            Flow("case_form", complaints.case_form, cases.filled),
            Flow("case_check", case_stages.case_check, cases.checked),
            Flow("case_quality", case_stages.case_quality, cases.passed(complaint_stages.investigate)),
            Flow("case_manufacturing", case_stages.case_manufacturing, cases.analysed),
            Flow("case_rnd", case_stages.case_rnd, cases.passed(complaint_stages.engineer)),
            Flow("case_skip", case_stages.case_skip, cases.worded(complaint_stages.skip_rnd, "done.case-passed")),
            Flow("case_sales", case_stages.case_sales, cases.passed(complaint_stages.negotiate)),
            Flow("case_quantity", case_stages.case_quantity, cases.determined),
            Flow("case_visit", case_stages.case_visit, cases.passed(complaint_stages.report_visit)),
            Flow("case_visitor", case_stages.case_colleague, cases.chosen(complaint_stages.send_visitor, "done.case-sent")),
            Flow("case_unit", case_stages.case_unit, cases.passed(complaint_stages.note_anomaly)),
            Flow("case_opinion", case_stages.case_opinion, cases.proposed),
            Flow("case_send_back", case_stages.case_send_back, cases.worded(complaint_decisions.send_back, "done.case-back")),
            Flow("case_answer", case_stages.case_answer, cases.answered),
            Flow("case_reject", case_stages.case_reject, cases.rejected),
            Flow("case_object", case_stages.case_object, cases.worded(complaint_decisions.object_to, "done.case-objected")),
            Flow("case_pass_on", case_stages.case_pass_on, cases.worded(complaint_intake.read_serious, "done.case-read")),
            Flow("case_inspect", case_stages.case_inspect, cases.inspection_arranged),
            Flow("case_inspect_report", case_stages.case_inspect_report, cases.inspection_reported),
            Flow(
                "case_inspector",
                case_stages.case_colleague,
                cases.chosen(complaint_inspections.name_inspector, "done.case-sent"),
            ),
            Flow("case_query", case_stages.case_query, cases.query_answered),
            Flow("case_paper", case_stages.case_paper, cases.paper_written),
            Flow("case_receive", case_stages.case_receive, cases.goods_received),
            Flow("case_prove", case_stages.case_prove, cases.proved),
            Flow("case_sanction", case_stages.case_sanction, cases.sanction_proposed),
            Flow("task_done", opinions.task_done, cases.task_done),
            Flow("task_pass", case_stages.case_colleague, cases.task_passed),
            Flow("survey_words", opinions.survey_words, survey_outcomes.commented),
        )
    }
)
