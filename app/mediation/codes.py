"""The terms of a round: hand-offs, sessions, outcomes, and what follows an agreement."""

from app.calendar.codes import DeadlineCode
from app.core.codes import Code


class ReferralState(Code, table="referral_state"):
    OFFERED = "offered", "已移送待接收", "Offered"
    ACCEPTED = "accepted", "已接收", "Accepted"
    RETURNED = "returned", "已退回", "Returned"
    RESULT_RETURNED = "result_returned", "已反馈结果", "Result returned"
    ACKNOWLEDGED = "acknowledged", "结果已确认", "Result acknowledged"
    RECALLED = "recalled", "已撤回移送", "Recalled"


class ReferralSide(Code, table="referral_side"):
    OFFICE = "office", "本方", "Our side"
    PARTNER = "partner", "协作单位", "The partner"


class AnswerWay(Code, table="answer_way"):
    """How a step of a hand-off came to us."""

    ACCOUNT = "account", "本人账号办理", "By the account of whoever answered"
    LETTER = "letter", "依来函登记", "Recorded from the partner's letter"


class ReferralOutcome(Code, table="referral_outcome"):
    """What came of what was handed over."""

    AGREED = "agreed", "达成协议", "Agreed"
    FAILED = "failed", "调解不成", "Failed"
    DECIDED = "decided", "已裁决或处理决定", "Decided: an award, a ruling or a decision"
    ADVISED = "advised", "出具意见", "An opinion was given"
    WITHDRAWN = "withdrawn", "申请撤回", "Withdrawn"
    TRANSFERRED = "transferred", "转其他途径", "Sent elsewhere"
    OTHER = "other", "其他结果", "Other result"


class LetterKind(Code, table="letter_kind"):
    """The paper by which a dispute is handed over."""

    REFERRAL = "referral", "移送函", "Referral letter"
    ASSIGNMENT = "assignment", "委派调解函", "Letter of assignment, before filing"
    ENTRUSTMENT = "entrustment", "委托调解函", "Letter of entrustment, after filing"
    ADVICE = "advice", "调解建议书", "Advice to mediate"
    INVITATION = "invitation", "邀请函或指派函", "Invitation or appointment"


class JointKind(Code, table="joint_kind"):
    """Which bodies held a session together."""

    TRIAD = "court_police_justice_triad", "一庭两所联合调解", "Tribunal, police station and judicial office together"
    SEVERAL = "several_bodies", "多部门联合调解", "Several bodies together"


class CourtStage(Code, table="court_stage"):
    """At what stage, and in which procedure, a court hands a dispute over: it sets the time for mediation."""

    PREDIRECTED = "predirected", "委派调解（立案前）", "Directed before filing"
    ENTRUSTED_ORDINARY = "entrusted_ordinary", "委托调解（普通程序）", "Entrusted after filing, ordinary procedure"
    ENTRUSTED_SIMPLE = "entrusted_simple", "委托调解（简易程序）", "Entrusted after filing, simplified procedure"

    @property
    def limit(self) -> DeadlineCode:
        return _COURT_LIMITS[self]


_COURT_LIMITS = {
    CourtStage.PREDIRECTED: DeadlineCode.COURT_PREDIRECTED,
    CourtStage.ENTRUSTED_ORDINARY: DeadlineCode.COURT_ENTRUSTED_ORD,
    CourtStage.ENTRUSTED_SIMPLE: DeadlineCode.COURT_ENTRUSTED_SIMPLE,
}


class ExcludedMatter(Code, table="excluded_matter"):
    """Public-security matters which may not be mediated: art. 179 of the police procedure, in its order."""

    HIRED_ASSAULT = "hired_assault", "雇凶伤害他人", "Hired assault"
    GANG_FIGHT = "gang_fight", "结伙斗殴或者其他寻衅滋事", "Gang fighting or other provocation"
    REPEATED_VIOLATION = "repeated_violation", "多次实施违反治安管理行为", "Repeated public-security violations"
    PARTY_REFUSES = "party_refuses", "当事人明确表示不愿意调解处理", "A party clearly refuses mediation"
    NEW_VIOLATION = "new_violation", "调解过程中又针对对方实施违反治安管理行为", "New violation against the other party"
    SUSPECT_FLED = "suspect_fled", "调解过程中违法嫌疑人逃跑", "The suspect fled during mediation"
    OTHER = "other", "其他不宜调解处理", "Otherwise unsuitable for mediation"

    @property
    def article(self) -> str:
        item = "一二三四五六七"[list(ExcludedMatter).index(self)]
        return f"《公安机关办理行政案件程序规定》第一百七十九条第{item}项"

    @property
    def article_en(self) -> str:
        item = list(ExcludedMatter).index(self) + 1
        return f"Procedures of Public Security Organs for Administrative Cases, art. 179({item})"


class SessionForm(Code, table="session_form"):
    FACE_TO_FACE = "face_to_face", "面对面调解", "Face to face"
    BACK_TO_BACK = "back_to_back", "背对背调解", "Back to back"
    ONSITE = "onsite", "现场调解", "On site"
    VIDEO = "video", "视频调解", "By video"
    PHONE = "phone", "电话调解", "By phone"
    HEARING = "hearing", "听证评议", "Hearing"
    YARD_MEETING = "yard_meeting", "院坝会", "Yard meeting"

    @property
    def brings_together(self) -> bool:
        """Whether the parties meet, in a room or on a screen: a threat works through either."""
        return self not in {SessionForm.BACK_TO_BACK, SessionForm.PHONE}

    @property
    def is_sitting(self) -> bool:
        """Whether it counts as mediating a public-security case (art. 183): a telephone call prepares it."""
        return self is not SessionForm.PHONE


class MediationOutcome(Code, table="mediation_outcome"):
    AGREED = "agreed", "达成协议", "Agreed"
    FAILED = "failed", "调解不成", "Failed"
    WITHDRAWN = "withdrawn", "申请撤回", "Withdrawn"
    TRANSFERRED = "transferred", "移送其他途径", "Transferred"


class ConflictRelation(Code, table="conflict_relation"):
    """Why a mediator keeps away from a case."""

    PARTY = "party", "本人是当事人", "Is a party"
    RELATIVE = "relative", "与当事人有近亲属关系", "Close relative of a party"
    INTEREST = "interest", "与纠纷有利害关系", "Has an interest in the dispute"
    OTHER = "other", "其他可能影响公正调解的关系", "Another relation that could affect fairness"


class PerformanceStatus(Code, table="performance_status"):
    PERFORMING = "performing", "履行中", "Being performed"
    PERFORMED = "performed", "已履行", "Performed"
    PERFORMED_ON_SPOT = "performed_on_spot", "当场履行", "Performed on the spot", "performed"
    PARTLY_PERFORMED = "partly_performed", "部分履行", "Partly performed"
    REFUSED = "refused", "拒不履行", "Performance refused"
    WAIVED_OR_CHANGED = "waived_or_changed", "协商变更或放弃", "Waived or changed by consent"
    NOT_APPLICABLE = "not_applicable", "无给付内容", "Nothing to perform"


class ConfirmationStatus(Code, table="confirmation_status"):
    TO_APPLY = "to_apply", "待申请", "To be applied for"
    APPLIED = "applied", "待受理", "Applied for"
    UNDER_REVIEW = "under_review", "待审查", "Under review"
    CONFIRMED = "confirmed", "确认有效", "Confirmed"
    DENIED = "denied", "不予确认", "Confirmation denied"
    NOT_ACCEPTED = "not_accepted", "法院不予受理", "Not accepted by the court"
    LAPSED = "lapsed", "逾期未申请", "Lapsed"
