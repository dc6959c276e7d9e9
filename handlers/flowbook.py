"""Every conversation by name: how it asks and what becomes of its outcome. Adding a flow adds one line here."""

from handlers import alarms, duty_outcomes, outcomes, safety_outcomes
from handlers.engine import Engine, Flow
from handlers.flows import duty as duty_flows
from handlers.flows import office, papers, report, visit
from handlers.flows import safety as safety_flows
from rules import closing, dispatch, emergencies, intake, visits
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
            Flow("dispute", office.dispute, _simply(intake.dispute, "done.dispute")),
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
        )
    }
)
