"""The twelve official forms (司发通〔2010〕239号), what may be missing in a volume, and how long one is kept."""

from app.core.codes import Code


class DocumentForm(Code, table="document_form"):
    """In the order of the notice."""

    APPLICATION = "application", "人民调解申请书", "Application for mediation"
    REGISTRATION = "registration", "人民调解受理登记表", "Registration of acceptance"
    INVESTIGATION = "investigation", "人民调解调查记录", "Record of an investigation"
    EVIDENCE = "evidence", "人民调解证据材料", "Evidence"
    RECORD = "record", "人民调解记录", "Record of mediation"
    AGREEMENT = "agreement", "人民调解协议书", "Mediation agreement"
    ORAL_AGREEMENT = "oral_agreement", "人民调解口头协议登记表", "Register sheet of an oral agreement"
    RETURN_VISIT = "return_visit", "人民调解回访记录", "Record of a return visit"
    CONFIRMATION = "confirmation", "司法确认申请书", "Application for judicial confirmation"
    STATEMENT = "statement", "卷宗情况说明", "Statement on the volume"
    COVER = "cover", "卷宗封面", "Cover of the volume"
    INDEX = "index", "卷内目录", "Index of the volume"

    @property
    def no(self) -> int:
        return list(DocumentForm).index(self) + 1


class ReportPaper(Code, table="report_paper"):
    """What is written from figures, not from a case."""

    NARRATIVE = "narrative", "年度报告段落", "Paragraph of the yearly report"


class Requirement(Code, table="document_requirement"):
    REQUIRED = "required", "必备", "Required"
    IF_NEEDED = "if_needed", "视情", "If needed"


class Gap(Code, table="volume_gap"):
    """What a volume lacks. `is_required`: without it a volume is closed only with a statement why."""

    NO_SESSION = "no_session_record", "没有调解记录", "No record of mediation"
    AGREEMENT_NOT_EFFECTIVE = (
        "agreement_not_effective",
        "协议签名、盖章不全",
        "The agreement lacks signatures or seal",
    )
    NO_SIGNED_COPY = "no_signed_copy", "没有协议书的签章原件", "No signed copy of the agreement"
    NO_APPLICATION = "no_application", "依申请受理，没有申请书原件", "Accepted on application, without the signed paper"
    NO_IDENTITY = "no_identity", "没有当事人身份证明", "No proof of the parties' identity"
    NO_RIGHTS_NOTICE = "no_rights_notice", "没有权利义务告知书", "No notice of rights and duties"
    NO_RECEIPT = "no_receipt", "协议有给付内容，没有收条或凭证", "Something is to be paid, and there is no receipt"
    NO_RETURN_VISIT = "no_return_visit", "没有回访记录", "No record of a return visit"
    PAGES_UNKNOWN = "pages_unknown", "有的附件未填页数", "An attachment does not say its number of pages"
    NOT_ACCEPTED = "not_accepted", "案件尚未受理", "The case was not accepted"
    NO_AGREEMENT = "no_agreement", "没有达成这种形式的协议", "No agreement of this form was reached"
    NOTHING_RECORDED = "nothing_recorded", "尚无记录，给出空白表", "Nothing is recorded yet: the form is given blank"

    @property
    def is_required(self) -> bool:
        return self in {Gap.NO_SESSION, Gap.AGREEMENT_NOT_EFFECTIVE, Gap.NO_SIGNED_COPY}


class Retention(Code, table="retention"):
    """Chosen by kind and weight of the dispute; the law names no years, and nothing is destroyed by itself."""

    SHORT = "short", "短期", "Short"
    LONG = "long", "长期", "Long"
    PERMANENT = "permanent", "永久", "Permanent"
