"""The terms of who mediates, who takes part, and what must be told or reported on the way."""

from app.core.codes import Code


class SelectedBy(Code, table="selected_by"):
    """The committee names a mediator, or the parties choose one (People's Mediation Law, arts. 19 and 23)."""

    COMMITTEE = "committee", "调委会指定", "Named by the committee"
    PARTIES = "parties", "当事人选择", "Chosen by the parties"


class LeavingReason(Code, table="leaving_reason"):
    """Why a mediator leaves an open round."""

    RECUSAL = "recusal", "回避", "Conflict of interest"
    PARTY_REJECTS = "party_rejects", "当事人不接受", "Rejected by a party"
    REASSIGNED = "reassigned", "另行指派", "Assigned elsewhere"
    UNABLE = "unable", "不能履职", "Unable to go on"

    @property
    def is_declared(self) -> bool:
        """A conflict of interest is declared for the case, which hides it from the mediator and ends every naming."""
        return self is LeavingReason.RECUSAL


class ParticipantKind(Code, table="participant_kind"):
    """Whom a mediator may invite with the consent of the parties (People's Mediation Law, art. 20)."""

    RELATIVE = "relative", "亲属", "Relative"
    NEIGHBOR = "neighbor", "邻里", "Neighbour"
    COLLEAGUE = "colleague", "同事", "Colleague"
    EXPERT = "expert", "有专门知识或特定经验的人员", "Person with special knowledge or experience"
    LEGAL_ADVISER = "legal_adviser", "村居法律顾问", "Legal adviser of the village"
    SOCIAL_BODY = "social_body", "社会组织人员", "Member of a social body"
    OTHER = "other", "其他人员", "Other person"


class ReportRecipient(Code, table="report_recipient"):
    POLICE = "police", "公安机关", "Police"
    DEPARTMENT = "department", "其他有关部门", "Another competent department"


class EscalationDanger(Code, table="escalation_danger"):
    """What a dispute may turn into."""

    PUBLIC_SECURITY_CASE = "public_security_case", "可能引起治安案件", "Public-security case"
    CRIMINAL_CASE = "criminal_case", "可能引起刑事案件", "Criminal case"
    SELF_HARM = "self_harm", "可能自伤自杀", "Self-harm or suicide"
    MASS_INCIDENT = "mass_incident", "可能引发群体性事件", "Mass incident"
    DOMESTIC_VIOLENCE = "domestic_violence", "家庭暴力", "Domestic violence"


class NoticeManner(Code, table="notice_manner"):
    """How the parties were told of their rights and duties."""

    ORAL = "oral", "口头告知", "Orally"
    WRITTEN = "written", "书面告知", "In writing"
    ELECTRONIC = "electronic", "电子送达", "Electronically"
