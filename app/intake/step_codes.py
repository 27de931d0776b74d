"""The steps of a case's procedure and the statuses from which each is allowed: the table of the contract, once."""

from app.core.auth import Permission
from app.core.codes import Code
from app.intake.codes import CaseStatus as S


class Step(Code, table="case_step"):
    REGISTRATION = "registration", "登记", "Registration"
    REFUSAL = "refusal", "不予受理", "Refusal"
    ACCEPTANCE = "acceptance", "受理", "Acceptance"
    ASSIGNMENT = "assignment", "指派", "Assignment"
    MEDIATION = "mediations", "开始一轮调解", "Start of a round of mediation"
    SESSION = "sessions", "调解会", "Session"
    CONCLUSION = "conclusion", "本轮调解结束", "Conclusion of a round"
    SIGNATURE = "signatures", "签章", "Signature"
    CLOSURE = "closure", "结案", "Closure"
    MOVE = "move", "变更纠纷发生地", "Move to another place"

    @property
    def allowed_from(self) -> frozenset[S]:
        return ALLOWED_FROM.get(self, frozenset())

    @property
    def permission(self) -> Permission:
        return _PERMISSION.get(self, Permission.CASES_MEDIATE)


ALLOWED_FROM: dict[Step, frozenset[S]] = {
    Step.REFUSAL: frozenset({S.REGISTERED}),
    Step.ACCEPTANCE: frozenset({S.REGISTERED}),
    Step.ASSIGNMENT: frozenset({S.ACCEPTED, S.MEDIATING, S.SUSPENDED}),
    Step.MEDIATION: frozenset({S.ACCEPTED, S.MEDIATING}),
    Step.CLOSURE: frozenset({S.ACCEPTED, S.MEDIATING, S.AGREED}),
}
_PERMISSION = {
    Step.REFUSAL: Permission.CASES_REFUSE,
    Step.ACCEPTANCE: Permission.CASES_ACCEPT,
    Step.ASSIGNMENT: Permission.CASES_ASSIGN,
}
LOCKED = frozenset({S.DECLINED, S.MERGED, S.VOIDED})
"""Statuses in which nothing of a case changes any more."""
