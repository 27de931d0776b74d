"""The terms of what follows an agreement: how it was signed, performed, confirmed, enforced, and looked after."""

from app.core.codes import Code


class SignatureManner(Code, table="signature_manner"):
    HANDWRITTEN = "handwritten", "手写签名", "Handwritten on paper"
    STAMP = "stamp", "盖章", "Stamp on paper"
    FINGERPRINT = "fingerprint", "按指印", "Fingerprint"
    ELECTRONIC = "electronic", "电子签名", "Electronic signature"
    BY_AGENT = "by_agent", "代理人持授权代签", "By an agent with authority"


class ObligationActKind(Code, table="obligation_act"):
    """What happened to an obligation: its history, never rewritten."""

    PERFORMANCE = "performance", "履行", "Performance"
    URGING = "urging", "督促履行", "Performance urged"
    REFUSAL = "refusal", "拒不履行", "Performance refused"
    CHANGE = "change", "协商变更", "Terms changed by consent"
    WAIVER = "waiver", "协商放弃", "Waived by consent"


class RefusalReason(Code, table="performance_refusal_reason"):
    UNABLE = "unable", "无力履行", "Unable to perform"
    DISPUTES_AGREEMENT = "disputes_agreement", "对协议内容有异议", "Disputes the agreement"
    DISPUTES_PERFORMANCE = "disputes_performance", "对履行有争议", "Disputes the performance"
    UNREACHABLE = "unreachable", "联系不到义务人", "Cannot be reached"
    UNWILLING = "unwilling", "有能力而不履行", "Able and unwilling"
    OTHER = "other", "其他原因", "Other reason"


class ConfirmationBar(Code, table="confirmation_bar"):
    """Why a court does not accept an application for confirmation."""

    OUTSIDE_COURTS = "outside_courts", "不属于人民法院受理范围", "Outside the courts' scope"
    NO_JURISDICTION = "no_jurisdiction", "不属于收到申请的人民法院管辖", "Not within this court's jurisdiction"
    STATUS = "status", "涉及婚姻、亲子、收养等身份关系", "Status: marriage, parentage, adoption"
    OTHER_PROCEDURE = (
        "other_procedure",
        "适用其他特别程序、公示催告程序、破产程序",
        "Another special, public-notice or bankruptcy procedure",
    )
    TITLE = "title", "物权、知识产权确权", "Title to property or intellectual property"
    MATERIALS = "materials", "材料不齐", "Materials incomplete"

    @property
    def is_of_the_matter(self) -> bool:
        """No court may confirm it; the others are mended by another application."""
        return self in {ConfirmationBar.STATUS, ConfirmationBar.OTHER_PROCEDURE, ConfirmationBar.TITLE}


class ConfirmationDenial(Code, table="confirmation_denial"):
    """Why a court denies confirmation after its review."""

    ILLEGAL = "illegal", "违反法律强制性规定", "Against mandatory law"
    HARMS_OTHERS = "harms_others", "损害国家、社会公共利益或者他人合法权益", "Harms the state, the public or others"
    PUBLIC_ORDER = "public_order", "违背公序良俗", "Against public order and good morals"
    INVOLUNTARY = "involuntary", "违反自愿原则", "Not voluntary"
    UNCLEAR = "unclear", "内容不明确", "Content unclear"
    OTHER = "other", "其他不能确认的情形", "Otherwise not confirmable"


class ReviewStatus(Code, table="arbitration_review_status"):
    """仲裁审查: a labour agreement becomes a mediation document of the arbitration commission."""

    APPLIED = "applied", "已申请审查", "Applied for"
    DOCUMENT_ISSUED = "document_issued", "已制作仲裁调解书", "Mediation document issued"
    REFUSED = "refused", "不予制作调解书", "Refused"


class RemedyRoute(Code, table="remedy_route"):
    """Where a party may turn when an agreement is not performed."""

    LAWSUIT = "lawsuit", "向人民法院起诉", "Lawsuit"
    PAYMENT_ORDER = "payment_order", "申请支付令", "Payment order"
    LABOR_PAYMENT_ORDER = "labor_payment_order", "劳动报酬等申请支付令", "Payment order for pay arrears"
    LABOR_ARBITRATION = "labor_arbitration", "申请劳动仲裁", "Labour arbitration"
    ENFORCEMENT = "enforcement", "申请强制执行", "Enforcement"

    @property
    def basis(self) -> tuple[str, str]:
        return _BASIS[self]


_LABOR_LAW = "《劳动争议调解仲裁法》", "Labour Dispute Mediation and Arbitration Law"
_BASIS = {
    RemedyRoute.LAWSUIT: ("《人民调解法》第三十二条", "People's Mediation Law, art. 32"),
    RemedyRoute.PAYMENT_ORDER: ("《民事诉讼法》督促程序", "Civil Procedure Law, procedure of urging"),
    RemedyRoute.LABOR_PAYMENT_ORDER: (f"{_LABOR_LAW[0]}第十六条", f"{_LABOR_LAW[1]}, art. 16"),
    RemedyRoute.LABOR_ARBITRATION: (f"{_LABOR_LAW[0]}第十五条", f"{_LABOR_LAW[1]}, art. 15"),
    RemedyRoute.ENFORCEMENT: ("《人民调解法》第三十三条", "People's Mediation Law, art. 33"),
}


class VisitForm(Code, table="visit_form"):
    ONSITE = "onsite", "上门回访", "On site"
    PHONE = "phone", "电话回访", "By phone"
    ONLINE = "online", "线上回访", "Online"


class Satisfaction(Code, table="satisfaction"):
    SATISFIED = "satisfied", "满意", "Satisfied"
    BASICALLY_SATISFIED = "basically_satisfied", "基本满意", "Basically satisfied"
    DISSATISFIED = "dissatisfied", "不满意", "Dissatisfied"
