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
    TERMINATION = "termination", "当事人要求终止调解", "Termination on a party's demand"
    REPLACEMENT = "replacement", "更换调解员", "Replacement of a mediator"
    RIGHTS_NOTICE = "rights_notice", "权利义务告知", "Notice of rights and duties"
    INVESTIGATION = "investigation", "调查", "Investigation"
    ESCALATION_REPORT = "escalation_report", "激化报告", "Report of a possible escalation"
    CLOSURE = "closure", "结案", "Closure"
    SUSPENSION = "suspension", "中止", "Suspension"
    RESUMPTION = "resumption", "恢复调解", "Resumption"
    EXTENSION = "extension", "延长期限", "Extension of the time limit"
    WITHDRAWAL = "withdrawal", "撤回", "Withdrawal"
    TRANSFER = "transfer", "移送", "Transfer"
    MERGE = "merge", "并案", "Merge into another case"
    SEPARATION = "separation", "撤销并案", "Merge undone"
    VOID = "void", "作废", "Void"
    REOPENING = "reopening", "重新启动", "Reopening"
    ARCHIVE = "archive", "归档", "Archive"
    CONFLICT = "conflict", "声明回避", "Conflict of interest declared"
    CONFLICT_WITHDRAWAL = "conflict_withdrawal", "撤销回避", "Conflict of interest withdrawn"
    REFERRAL_ACCEPTANCE = "referral_acceptance", "接收移送", "Referral accepted"
    REFERRAL_RETURN = "referral_return", "退回移送", "Referral returned"
    REFERRAL_RESULT = "referral_result", "反馈移送结果", "Result of a referral told back"
    REFERRAL_ACKNOWLEDGEMENT = "referral_acknowledgement", "确认移送结果", "Result of a referral acknowledged"
    REFERRAL_RECALL = "referral_recall", "撤回移送", "Referral recalled"
    PERFORMANCE = "performance", "履行", "Performance"
    URGING = "performance_urging", "督促履行", "Performance urged"
    PERFORMANCE_REFUSAL = "performance_refusal", "拒不履行", "Performance refused"
    OBLIGATION_CHANGE = "obligation_change", "协商变更义务", "Obligation changed by consent"
    JUDICIAL_CONFIRMATION = "judicial_confirmation", "司法确认", "Judicial confirmation"
    ARBITRATION_REVIEW = "arbitration_review", "仲裁审查", "Arbitration review"
    REMEDY = "remedies", "另寻救济途径", "Remedy taken"
    RETURN_VISIT = "return_visits", "回访", "Return visit"
    PREVENTED_HARM = "prevented_harms", "防止激化记录", "Prevented harm recorded"
    HARM_APPROVAL = "harm_approval", "批准防止激化记录", "Prevented harm approved"
    HARM_REFUSAL = "harm_refusal", "不批准防止激化记录", "Prevented harm not approved"
    HARM_WITHDRAWAL = "harm_withdrawal", "撤销防止激化记录", "Prevented harm withdrawn"
    RISK_RAISE = "risk_raise", "重复警情提高风险等级", "Risk raised by repeated incidents"
    MOVE = "move", "变更纠纷发生地", "Move to another place"

    @property
    def allowed_from(self) -> frozenset[S]:
        return ALLOWED_FROM.get(self, frozenset())

    @property
    def leads_to(self) -> frozenset[S]:
        """Statuses to which the step may bring the case."""
        return _LEADS_TO.get(self, frozenset())

    @property
    def keeps_status(self) -> bool:
        """Whether the status may stay as it is."""
        return self in _MAY_KEEP or not self.leads_to

    @property
    def permission(self) -> Permission:
        return _PERMISSION.get(self, Permission.CASES_MEDIATE)


LOCKED = frozenset({S.DECLINED, S.MERGED, S.VOIDED})
"""Statuses in which nothing of a case changes any more."""
_OPEN_BEFORE_AGREEMENT = frozenset({S.REGISTERED, S.ACCEPTED, S.MEDIATING, S.SUSPENDED})
_ENDED = frozenset({S.CLOSED_SUCCESS, S.CLOSED_FAILED, S.WITHDRAWN, S.TRANSFERRED})
_WITH_AGREEMENT = frozenset({S.AGREED, S.CLOSED_SUCCESS})
_STANDING = frozenset(S) - {S.MERGED, S.VOIDED}

_HAND_OFF = (
    *(Step.REFERRAL_ACCEPTANCE, Step.REFERRAL_RETURN, Step.REFERRAL_RESULT),
    *(Step.REFERRAL_ACKNOWLEDGEMENT, Step.REFERRAL_RECALL),
)
_HARM_DECISION = (Step.HARM_APPROVAL, Step.HARM_REFUSAL, Step.HARM_WITHDRAWAL)

ALLOWED_FROM: dict[Step, frozenset[S]] = {
    Step.REFUSAL: frozenset({S.REGISTERED}),
    Step.ACCEPTANCE: frozenset({S.REGISTERED}),
    Step.ASSIGNMENT: frozenset({S.ACCEPTED, S.MEDIATING, S.SUSPENDED}),
    Step.MEDIATION: frozenset({S.ACCEPTED, S.MEDIATING}),
    Step.SESSION: frozenset({S.MEDIATING}),
    Step.CONCLUSION: frozenset({S.MEDIATING}),
    Step.SIGNATURE: frozenset({S.AGREED}),
    Step.TERMINATION: frozenset({S.MEDIATING, S.SUSPENDED}),
    Step.REPLACEMENT: frozenset({S.MEDIATING, S.SUSPENDED}),
    Step.RIGHTS_NOTICE: _OPEN_BEFORE_AGREEMENT | {S.AGREED},
    Step.INVESTIGATION: _OPEN_BEFORE_AGREEMENT,
    Step.ESCALATION_REPORT: frozenset(S) - LOCKED,
    Step.CLOSURE: frozenset({S.ACCEPTED, S.MEDIATING, S.AGREED}),
    Step.SUSPENSION: frozenset({S.MEDIATING}),
    Step.RESUMPTION: frozenset({S.SUSPENDED}),
    Step.EXTENSION: frozenset({S.ACCEPTED, S.MEDIATING, S.SUSPENDED}),
    Step.WITHDRAWAL: _OPEN_BEFORE_AGREEMENT,
    Step.TRANSFER: _OPEN_BEFORE_AGREEMENT | {S.AGREED},
    Step.MERGE: _STANDING - {S.DECLINED},
    Step.SEPARATION: frozenset({S.MERGED}),
    Step.VOID: _STANDING,
    Step.REOPENING: _ENDED,
    Step.ARCHIVE: _ENDED,
    Step.PERFORMANCE: _WITH_AGREEMENT,
    Step.URGING: _WITH_AGREEMENT,
    Step.PERFORMANCE_REFUSAL: _WITH_AGREEMENT,
    Step.OBLIGATION_CHANGE: _WITH_AGREEMENT,
    Step.JUDICIAL_CONFIRMATION: _WITH_AGREEMENT,
    Step.ARBITRATION_REVIEW: _WITH_AGREEMENT,
    Step.REMEDY: _WITH_AGREEMENT,
    Step.RETURN_VISIT: _WITH_AGREEMENT,
    Step.MOVE: frozenset(S) - LOCKED,
    Step.RISK_RAISE: frozenset({S.MEDIATING}),
    Step.PREVENTED_HARM: frozenset(S) - LOCKED,
    **dict.fromkeys(_HARM_DECISION, frozenset(S) - LOCKED),
    **dict.fromkeys(_HAND_OFF, frozenset(S) - LOCKED - {S.REGISTERED}),
}
TRANSFER_OUT_FROM = _OPEN_BEFORE_AGREEMENT
"""Out of the district nobody sends a case whose agreement waits for signatures; another committee may take it."""
_LEADS_TO = {
    Step.REGISTRATION: frozenset({S.REGISTERED}),
    Step.REFUSAL: frozenset({S.DECLINED}),
    Step.ACCEPTANCE: frozenset({S.ACCEPTED}),
    Step.MEDIATION: frozenset({S.MEDIATING}),
    Step.CONCLUSION: frozenset({S.AGREED, S.CLOSED_SUCCESS, S.WITHDRAWN, S.TRANSFERRED}),
    Step.TERMINATION: frozenset({S.MEDIATING}),
    Step.CLOSURE: frozenset({S.CLOSED_SUCCESS, S.CLOSED_FAILED}),
    Step.SUSPENSION: frozenset({S.SUSPENDED}),
    Step.RESUMPTION: frozenset({S.MEDIATING}),
    Step.WITHDRAWAL: frozenset({S.WITHDRAWN}),
    Step.TRANSFER: frozenset({S.TRANSFERRED}),
    Step.MERGE: frozenset({S.MERGED}),
    Step.SEPARATION: ALLOWED_FROM[Step.MERGE],
    Step.VOID: frozenset({S.VOIDED}),
    Step.REOPENING: frozenset({S.ACCEPTED, S.MEDIATING}),
}
_MAY_KEEP = frozenset({Step.CONCLUSION, Step.TRANSFER})
"""After a failed round the case stays in mediation; with another committee it stays as it was."""
_PERMISSION = {
    Step.REGISTRATION: Permission.CASES_REGISTER,
    Step.REFUSAL: Permission.CASES_REFUSE,
    Step.ACCEPTANCE: Permission.CASES_ACCEPT,
    Step.ASSIGNMENT: Permission.CASES_ASSIGN,
    Step.REPLACEMENT: Permission.CASES_ASSIGN,
    Step.TRANSFER: Permission.CASES_TRANSFER,
    Step.ARCHIVE: Permission.CASES_ARCHIVE,
    Step.MERGE: Permission.CASES_SUPERVISE,
    Step.SEPARATION: Permission.CASES_SUPERVISE,
    Step.VOID: Permission.CASES_SUPERVISE,
    Step.REOPENING: Permission.CASES_SUPERVISE,
    Step.MOVE: Permission.CASES_CHANGE,
    **dict.fromkeys(_HARM_DECISION, Permission.CASES_ASSIGN),
    **dict.fromkeys(_HAND_OFF, Permission.REFERRALS_ANSWER),
}
