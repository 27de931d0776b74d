"""The procedure of a case as a page of the documentation: which step is taken from which status, and by whom."""

from collections.abc import Iterable, Iterator

from app.intake.codes import CaseStatus
from app.intake.step_codes import LOCKED, TRANSFER_OUT_FROM, Step
from app.people.permissions import PERMISSIONS

_HEAD = """\
# 案件办理流程 Procedure of a case

由程序生成，请勿手改（`make docs`）。一件案件此刻能办什么、为何不能：`GET /api/v1/cases/{id}/actions`。
Made by the program, not by hand (`make docs`). What can be done with a case now, and why the rest cannot: `actions`.
"""


def render() -> str:
    return "\n".join([_HEAD, *_transitions(), "", *_notes(), "", *_who()]) + "\n"


def _transitions() -> Iterator[str]:
    yield "## 步骤与状态 Steps and statuses"
    yield ""
    yield "✓：案件处于该状态时可以办理。 ✓: taken while the case has that status."
    yield ""
    statuses = list(CaseStatus)
    yield _row(["步骤 Step", "", *(f"{s.zh} `{s}`" for s in statuses), "之后 Leads to"])
    yield _row(["---"] * (len(statuses) + 3))
    for step in Step:
        marks = ["✓" if status in step.allowed_from else "" for status in statuses]
        yield _row([f"{step.zh} `{step}`", step.en, *marks, _after(step)])


def _after(step: Step) -> str:
    named = [_named(step.leads_to)] if step.leads_to else []
    return "，或 or ".join([*named, *(["不变 unchanged"] if step.keeps_status else [])])


def _notes() -> Iterator[str]:
    yield f"- 已归档的案件，以及{_named(LOCKED)}的案件不再修改；并案可以撤销。"
    yield f"  An archived case changes no more, nor does one that is {_named(LOCKED)}; a merge can be undone."
    yield f"- 移送区外单位限于：{_named(TRANSFER_OUT_FROM)}。 From these alone a case is sent out of the district."
    yield "- 登记新建案件；变更发生地随修改案件办理。 A registration makes a case; a move is a change of its place."


def _who() -> Iterator[str]:
    yield "## 谁可以办理 Who may take a step"
    yield ""
    yield _row(["步骤 Steps", "权限 Permission", "岗位 Roles"])
    yield _row(["---"] * 3)
    for permission in dict.fromkeys(step.permission for step in Step):
        steps = [f"{step.zh} `{step}`" for step in Step if step.permission is permission]
        roles = [f"{role.zh} `{role}`" for role in PERMISSIONS if permission in PERMISSIONS[role]]
        yield _row(["、".join(steps), f"`{permission}`", "、".join(roles)])


def _named(statuses: Iterable[CaseStatus]) -> str:
    return "、".join(f"{status.zh} `{status}`" for status in CaseStatus if status in statuses)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
