"""What attachments are, and what they may belong to."""

from app.core.codes import Code


class AttachmentKind(Code, table="attachment_kind"):
    """After the papers of a volume (domain: official forms of 2010), in their order."""

    APPLICATION = "application", "调解申请书", "Application for mediation"
    REGISTRATION = "registration", "受理登记表", "Registration form"
    IDENTITY = "identity", "身份证明", "Proof of identity"
    POWER_OF_ATTORNEY = "power_of_attorney", "授权委托书", "Power of attorney"
    RIGHTS_NOTICE = "rights_notice", "权利义务告知书", "Notice of rights and duties"
    INVESTIGATION = "investigation", "调查记录", "Record of an investigation"
    EVIDENCE = "evidence", "证据材料", "Evidence"
    SESSION_RECORD = "session_record", "调解记录", "Record of a session"
    AGREEMENT = "agreement", "调解协议书", "Agreement"
    ORAL_AGREEMENT = "oral_agreement", "口头协议登记表", "Register sheet of an oral agreement"
    RECEIPT = "receipt", "收条、汇款凭证", "Receipt or proof of payment"
    RETURN_VISIT = "return_visit", "回访记录", "Record of a return visit"
    CONFIRMATION = "confirmation", "司法确认有关材料", "Papers of judicial confirmation"
    REFERRAL = "referral", "移送、委托函件", "Letter of referral"
    PHOTO = "photo", "现场照片", "Photograph"
    RECORDING = "recording", "录音录像", "Sound or video recording"
    OTHER = "other", "其他材料", "Other"

    @property
    def shows_identity(self) -> bool:
        """Of its nature: it is given only to whoever may reveal a party's identity."""
        return self is AttachmentKind.IDENTITY


class AttachmentSubject(Code, table="attachment_subject"):
    """What an attachment belongs to within its case; without one it belongs to the case."""

    PARTY = "party", "当事人", "Party"
    MEDIATION = "mediation", "一轮调解", "Round of mediation"
    SESSION = "session", "调解会", "Session"
    INVESTIGATION = "investigation", "调查", "Investigation"
    EVIDENCE = "evidence", "证据", "Item of evidence"
    AGREEMENT = "agreement", "调解协议", "Agreement"
    OBLIGATION = "obligation", "协议义务", "Obligation"
    RETURN_VISIT = "return_visit", "回访", "Return visit"
    CONFIRMATION = "confirmation", "司法确认", "Judicial confirmation"

    @property
    def table_name(self) -> str:
        return _TABLES[self]


_TABLES = {
    AttachmentSubject.PARTY: "parties",
    AttachmentSubject.MEDIATION: "mediations",
    AttachmentSubject.SESSION: "sessions",
    AttachmentSubject.INVESTIGATION: "investigations",
    AttachmentSubject.EVIDENCE: "evidence_items",
    AttachmentSubject.AGREEMENT: "agreements",
    AttachmentSubject.OBLIGATION: "obligations",
    AttachmentSubject.RETURN_VISIT: "return_visits",
    AttachmentSubject.CONFIRMATION: "judicial_confirmations",
}
