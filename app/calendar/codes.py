"""What the law and good practice set a time for, and in which days it is counted."""

from app.core.codes import Code


class DeadlineCode(Code, table="deadline"):
    ACCEPT_DECISION = "accept_decision", "作出受理决定", "Decision on acceptance"
    MEDIATE_GENERAL = "mediate_general", "调解期限", "Mediation"
    MEDIATE_LABOR = "mediate_labor", "劳动争议调解期限", "Mediation of a labour dispute"
    MEDIATE_MEDICAL = "mediate_medical", "医疗纠纷调解期限", "Mediation of a medical dispute"
    COURT_PREDIRECTED = "court_predirected", "委派调解期限（立案前）", "Mediation directed by a court before filing"
    COURT_ENTRUSTED_ORD = (
        "court_entrusted_ord",
        "委托调解期限（普通程序）",
        "Mediation entrusted by a court, ordinary procedure",
    )
    COURT_ENTRUSTED_SIMPLE = (
        "court_entrusted_simple",
        "委托调解期限（简易程序）",
        "Mediation entrusted by a court, simplified procedure",
    )
    REFERRAL_RECEIPT = "referral_receipt", "移送接收答复", "Receipt of a referral"
    REFERRAL_FEEDBACK = "referral_feedback", "移送结果反馈", "Feedback on a referral"
    JUDICIAL_CONFIRMATION = "judicial_confirmation", "申请司法确认", "Application for judicial confirmation"
    CONFIRMATION_ACCEPTANCE = "confirmation_acceptance", "法院决定是否受理司法确认", "Court's decision to accept"
    CONFIRMATION_REVIEW = "confirmation_review", "法院审查司法确认", "Court's review for confirmation"
    ARBITRATION_REVIEW = "arbitration_review", "申请仲裁审查", "Application for review by the arbitration commission"
    POLICE_SECOND_SESSION = "police_second_session", "治安案件再次调解", "Second session of a public-security case"
    LIMITATION_LABOR = "limitation_labor", "劳动争议仲裁时效", "Limitation of a labour claim"
    LIMITATION_RURAL_LAND = "limitation_rural_land", "农村土地承包仲裁时效", "Limitation of a rural land claim"
    LIMITATION_COMMERCIAL = "limitation_commercial", "商事仲裁时效", "Limitation of a commercial claim"
    RETURN_VISIT = "return_visit", "回访", "Return visit"
    ARCHIVE = "archive", "立卷归档", "Archiving"

    @property
    def is_limit(self) -> bool:
        """A limit of mediation: it stands still while the case is suspended, and may be extended."""
        return self.startswith("mediate_") or self.is_court

    @property
    def is_court(self) -> bool:
        """A limit that a court sets by the papers of its referral, in place of the general one."""
        return self.startswith("court_")

    @property
    def lapses(self) -> bool:
        """A right of the parties: unused, it is gone, and nobody is late."""
        return self in _RIGHTS_OF_AGREEMENT or self.is_limitation

    @property
    def is_limitation(self) -> bool:
        """The time in which a claim is to be brought before arbitration."""
        return self.startswith("limitation_")

    @property
    def follows_agreement(self) -> bool:
        """Begun by what the parties do with an agreement; it lasts while the case rests on one."""
        return self in _RIGHTS_OF_AGREEMENT or self.startswith("confirmation_")


_RIGHTS_OF_AGREEMENT = {DeadlineCode.JUDICIAL_CONFIRMATION, DeadlineCode.ARBITRATION_REVIEW}


class DayKind(Code, table="day_kind"):
    CALENDAR = "calendar", "自然日", "Calendar days"
    WORKING = "working", "工作日", "Working days"


class ReportingPeriodKind(Code, table="reporting_period_kind"):
    MONTH = "month", "月", "Month"
    QUARTER = "quarter", "季度", "Quarter"
    HALF_YEAR = "half_year", "半年", "Half-year"
    YEAR = "year", "年", "Year"
