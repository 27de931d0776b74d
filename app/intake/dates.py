"""The order of what happens in a case: occurred, reported, accepted, started, held or agreed, concluded, closed."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NoReturn

from pydantic_core import PydanticCustomError

from app.core.input_errors import rule
from app.intake.problems import DatesOutOfOrder

NAMES: dict[str, tuple[str, str]] = {
    "inspected_on": ("排查日期", "the patrol"),
    "lead_on": ("转为线索日期", "the day it became a lead"),
    "prevented_on": ("预防日期", "the day it was prevented"),
    "occurred_on": ("发生日期", "the date it occurred"),
    "reported_on": ("登记日期", "the date it was reported"),
    "notice_on": ("不予受理告知日期", "the date of the notice"),
    "accepted_on": ("受理日期", "the date of acceptance"),
    "started_on": ("开始调解日期", "the start of the round"),
    "held_on": ("调解会日期", "the date of the session"),
    "agreed_on": ("达成协议日期", "the date of the agreement"),
    "on": ("签章日期", "the date of the signature"),
    "remedy_notice_on": ("告知其他途径日期", "the date of the remedy notice"),
    "concluded_on": ("本轮结束日期", "the conclusion of the round"),
    "effective_on": ("协议生效日期", "the date the agreement takes effect"),
    "performed_on": ("履行日期", "the performance"),
    "urged_on": ("督促日期", "the urging"),
    "refused_on": ("拒绝履行日期", "the refusal to perform"),
    "changed_on": ("协商变更日期", "the change by consent"),
    "applied_on": ("申请日期", "the application"),
    "court_accepted_on": ("法院受理日期", "the court's acceptance"),
    "decided_on": ("裁决日期", "the decision"),
    "lapsed_on": ("逾期日期", "the lapse"),
    "taken_on": ("寻求救济日期", "the remedy"),
    "visited_on": ("回访日期", "the return visit"),
    "last_step_on": ("此前办理日期", "the steps before it"),
    "suspended_on": ("中止日期", "the suspension"),
    "resumed_on": ("恢复调解日期", "the resumption"),
    "extended_on": ("约定延长日期", "the extension"),
    "sent_on": ("移送日期", "the day of the referral"),
    "answered_on": ("移送对接的上一步日期", "the step of the referral before it"),
    "joint_application_on": ("共同书面申请日期", "the joint written application"),
    "answering_on": ("本步骤日期", "the step of the referral"),
    "closed_on": ("结案日期", "the closure"),
    "withdrawn_on": ("撤回日期", "the withdrawal"),
    "transferred_on": ("移送日期", "the transfer"),
    "joined_on": ("调解员加入日期", "the day the mediator joined"),
    "replaced_on": ("更换调解员日期", "the replacement"),
    "started_at": ("开始时间", "the time it began"),
    "ended_at": ("结束时间", "the time it ended"),
    "invited_on": ("邀请日期", "the invitation"),
    "consented_on": ("同意日期", "the consent"),
    "investigated_on": ("调查日期", "the investigation"),
    "received_on": ("收到日期", "the day it was received"),
    "served_on": ("告知日期", "the notice"),
    "acknowledged_on": ("签收日期", "the acknowledgement"),
    "judged_on": ("判断日期", "the judgement"),
    "reopened_on": ("重新启动日期", "the reopening"),
}
rule(
    "dates_out_of_order",
    "日期先后颠倒：{earlier} 不得晚于 {later}",
    "the dates are out of order: {earlier} must not be after {later}",
)

Dated = tuple[str, date | None]


def refuse_disorder(*dated: Dated) -> None:
    """409 where the dates, given in the order they must have, contradict the record."""
    if breach := _breach(dated):
        earlier, later = breach
        raise DatesOutOfOrder(earlier_name=NAMES[earlier], later_name=NAMES[later])


def check_body(*dated: Dated) -> None:
    """422 where the dates of one body contradict each other."""
    if breach := _breach(dated):
        _refuse(*breach)


def _refuse(earlier: str, later: str) -> NoReturn:
    raise PydanticCustomError("dates_out_of_order", "dates out of order", {"earlier": earlier, "later": later})


def _breach(dated: Sequence[Dated]) -> tuple[str, str] | None:
    known = [(name, day) for name, day in dated if day is not None]
    for (earlier, first), (later, second) in pairwise(known):
        if first > second:
            return earlier, later
    return None
