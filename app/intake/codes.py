"""The terms under which a dispute enters and its case moves: categories, sources, statuses, reasons, parties."""

from app.core.codes import Code
from app.inspections.dispute_codes import DisputeCategory as DisputeCategory  # noqa: PLC0414 (a patrol names them first)
from app.inspections.dispute_codes import RiskLevel as RiskLevel  # noqa: PLC0414
from app.intake.governance_codes import GovernanceCategory as GovernanceCategory  # noqa: PLC0414 (published with these)


class Source(Code, table="source"):
    """The three routes of intake partition all cases; `referral` is the total of those which were sent."""

    PROACTIVE = "proactive", "主动调解", "Committee's own initiative"
    APPLICATION = "application", "依申请调解", "Application of a party"
    REFERRAL = "referral", "接受委托移送调解", "Referral (total)", None, None, False
    REFERRAL_COURT = "referral_court", "法院委托移送", "Referred by a court", "referral"
    REFERRAL_PROCURATORATE = "referral_procuratorate", "检察院委托移送", "Referred by a procuratorate", "referral"
    REFERRAL_POLICE = "referral_police", "公安机关委托移送", "Referred by the police", "referral"
    REFERRAL_PETITION = "referral_petition", "信访部门委托移送", "Referred by a petition office", "referral"
    REFERRAL_OTHER = "referral_other", "其他部门委托移送", "Referred by another body", "referral"
    REFERRAL_ARBITRATION = (
        "referral_arbitration",
        "仲裁机构委托移送",
        "Referred by an arbitration body",
        "referral_other",
    )
    REFERRAL_LABOR = "referral_labor_inspection", "劳动监察委托移送", "Referred by labour inspection", "referral_other"
    REFERRAL_LAWYER = (
        "referral_lawyer",
        "律师、律师事务所委托移送",
        "Referred by a lawyer or law firm",
        "referral_other",
    )
    REFERRAL_HOTLINE = "referral_hotline", "12345热线转办", "Referred by the 12345 hotline", "referral_other"
    REFERRAL_GOVERNANCE = "referral_governance", "网格综治平台转办", "Referred by the grid platform", "referral_other"
    REFERRAL_MASS = (
        "referral_mass_organization",
        "妇联、工会等转办",
        "Referred by a mass organization",
        "referral_other",
    )
    REFERRAL_REVIEW = (
        "referral_reconsideration",
        "行政复议机构移送",
        "Referred by a reconsideration body",
        "referral_other",
    )


class Channel(Code, table="channel"):
    WALK_IN = "walk_in", "来访", "Walk-in"
    PHONE = "phone", "电话", "Phone"
    MINI_PROGRAM = "mini_program", "小程序", "Mini program"
    HOME_VISIT = "home_visit", "上门走访", "Home visit"
    MARKET_DAY = "market_day", "赶场日", "Market day"
    ONLINE = "online", "网上平台", "Online"
    GUIDED = "guided", "法院公安告知引导", "Told of mediation by court or police"


class CaseStatus(Code, table="case_status"):
    REGISTERED = "registered", "已登记", "Registered"
    DECLINED = "declined", "不予受理", "Declined"
    ACCEPTED = "accepted", "已受理", "Accepted"
    MEDIATING = "mediating", "调解中", "In mediation"
    SUSPENDED = "suspended", "中止", "Suspended"
    AGREED = "agreed", "已达成协议待生效", "Agreed, not yet effective"
    CLOSED_SUCCESS = "closed_success", "调解成功结案", "Closed with success"
    CLOSED_FAILED = "closed_failed", "调解不成结案", "Closed without success"
    WITHDRAWN = "withdrawn", "撤回", "Withdrawn"
    TRANSFERRED = "transferred", "移送其他途径", "Transferred"
    MERGED = "merged", "并案", "Merged"
    VOIDED = "voided", "作废", "Voided"

    @property
    def is_open(self) -> bool:
        """Whether the procedure still runs; a declined, merged or voided case is neither open nor closed."""
        return self in _OPEN

    @property
    def is_closed(self) -> bool:
        return self in _CLOSED


_OPEN = {
    CaseStatus.REGISTERED,
    CaseStatus.ACCEPTED,
    CaseStatus.MEDIATING,
    CaseStatus.SUSPENDED,
    CaseStatus.AGREED,
}
_CLOSED = {CaseStatus.CLOSED_SUCCESS, CaseStatus.CLOSED_FAILED, CaseStatus.WITHDRAWN, CaseStatus.TRANSFERRED}


class CaseOutcome(Code, table="case_outcome"):
    SUCCESS = "success", "调解成功", "Success"
    FAILED = "failed", "调解不成", "Failed"
    WITHDRAWN = "withdrawn", "撤回", "Withdrawn"
    TRANSFERRED = "transferred", "移送其他途径", "Transferred"


class DeclineReason(Code, table="decline_reason"):
    EXCLUDED_BY_LAW = "excluded_by_law", "法律规定专门机关管辖或禁止民间调解", "Reserved or excluded by law"
    ALREADY_HANDLED = "already_in_court_or_agency", "法院公安等已受理或解决", "Already taken up or settled elsewhere"
    PARTY_REFUSES = "party_refuses", "一方明确拒绝调解", "A party clearly refuses"
    NO_IDENTIFIABLE_PARTY = "no_identifiable_party", "无明确当事人", "No identifiable party"
    OUT_OF_AREA = "out_of_area_transferred", "不属本辖区已移送", "Outside the area, transferred"
    CRIMINAL_SUSPECTED = "criminal_suspected", "涉嫌犯罪已移送", "Suspected crime, transferred"
    DUPLICATE = "duplicate", "重复申请", "Duplicate"
    MATERIALS_FALSE = "materials_false", "材料虚假", "False materials"


class SuspensionReason(Code, table="suspension_reason"):
    EXPERTISE = "expertise", "等待鉴定", "Waiting for an expert opinion"
    CANNOT_CONTACT = "cannot_contact", "当事人失联", "A party cannot be reached"
    AWAITING_RULING = "awaiting_ruling", "等待裁判或其他决定", "Waiting for a ruling or decision"
    OTHER = "other", "其他原因", "Other reason"


class Difficulty(Code, table="difficulty"):
    SIMPLE = "simple", "简易", "Simple"
    ORDINARY = "ordinary", "一般", "Ordinary"
    DIFFICULT = "difficult", "疑难复杂", "Difficult"
    MAJOR = "major", "重大", "Major"


class Forecast(Code, table="forecast"):
    BASICALLY_CONTROLLED = "basically_controlled", "基本控制", "Basically under control"
    RECURRENT = "recurrent", "存在反复", "May recur"
    PETITION_PROVINCE = "petition_province", "赴省上访", "Petition to the province"
    EXTREME_INDIVIDUAL = "extreme_individual", "个人极端行为", "Extreme act of an individual"
    MAY_BECOME_CRIMINAL = "may_become_criminal", "可能民转刑", "May become criminal"
    UNCERTAIN = "uncertain", "难以确定", "Uncertain"

    @property
    def is_to_be_reported(self) -> bool:
        """To the police or another department (People's Mediation Law, art. 25)."""
        return self in {Forecast.MAY_BECOME_CRIMINAL, Forecast.EXTREME_INDIVIDUAL}


class Consent(Code, table="consent"):
    """A clear refusal of one party forbids mediation (People's Mediation Law, art. 17)."""

    PENDING = "pending", "征求意见中", "Pending"
    AGREED = "agreed", "同意调解", "Agreed"
    REFUSED = "refused", "拒绝调解", "Refused"


class PartySide(Code, table="party_side"):
    APPLICANT = "applicant", "申请人", "Applicant"
    RESPONDENT = "respondent", "被申请人", "Respondent"
    THIRD_PARTY = "third_party", "第三人", "Third party"


class PartyKind(Code, table="party_kind"):
    NATURAL_PERSON = "natural_person", "自然人", "Natural person"
    LEGAL_PERSON = "legal_person", "法人", "Legal person"
    UNINCORPORATED_ORG = "unincorporated_org", "非法人组织", "Unincorporated organization"


class IdKind(Code, table="id_kind"):
    RESIDENT_ID = "resident_id", "居民身份证", "Resident identity card"
    HOUSEHOLD_BOOK = "household_book", "居民户口簿", "Household register"
    PASSPORT = "passport", "护照", "Passport"
    HK_MACAO_PERMIT = "hk_macao_permit", "港澳居民来往内地通行证", "Hong Kong and Macao travel permit"
    TAIWAN_PERMIT = "taiwan_permit", "台湾居民来往大陆通行证", "Taiwan travel permit"
    FOREIGN_PR_CARD = "foreign_pr_card", "外国人永久居留身份证", "Foreigner's permanent residence card"
    USCC = "uscc", "统一社会信用代码", "Unified social credit code"
    NONE_DECLARED = "none_declared", "未提供证件", "None declared"


class SpecialGroup(Code, table="special_group"):
    MINORS = "minors", "未成年人", "Minors"
    ELDERLY = "elderly", "老年人", "Elderly"
    WOMEN = "women", "妇女", "Women"
    DISABLED = "disabled", "残疾人", "Disabled persons"
    LEFT_BEHIND = "left_behind", "留守人员", "Left-behind family members"
    VETERANS = "veterans", "退役军人", "Veterans"
    MIGRANT_WORKERS = "migrant_workers", "农民工", "Migrant workers"
    RELEASED = "released", "刑满释放人员", "Released prisoners"
    COMMUNITY_CORRECTIONS = "community_corrections", "社区矫正对象", "Persons in community corrections"
    MENTAL_DISORDER = "mental_disorder", "精神障碍患者", "Persons with a mental disorder"


class Sex(Code, table="sex"):
    """GB/T 2261.1."""

    UNKNOWN = "unknown", "未知的性别", "Unknown"
    MALE = "male", "男", "Male"
    FEMALE = "female", "女", "Female"
    UNSPECIFIED = "unspecified", "未说明的性别", "Unspecified"


class LegalCapacity(Code, table="legal_capacity"):
    """Whoever has none or a limited one acts through a guardian (Civil Code, arts. 19–23)."""

    FULL = "full", "完全民事行为能力", "Full capacity"
    LIMITED = "limited", "限制民事行为能力", "Limited capacity"
    NONE = "none", "无民事行为能力", "No capacity"


class AgentKind(Code, table="agent_kind"):
    STATUTORY = "statutory", "法定代理人", "Statutory agent"
    GUARDIAN = "guardian", "监护人", "Guardian", "statutory"
    ENTRUSTED = "entrusted", "委托代理人", "Entrusted agent"

    @property
    def takes_power(self) -> bool:
        """A power of attorney is given by the party; a guardian's authority comes from the law."""
        return self is AgentKind.ENTRUSTED

    @property
    def is_guardian(self) -> bool:
        """A guardian is the statutory agent (Civil Code, art. 23)."""
        return self in {AgentKind.STATUTORY, AgentKind.GUARDIAN}


class AgentPower(Code, table="agent_power"):
    GENERAL = "general", "一般授权", "General authorization"
    SPECIAL = "special", "特别授权", "Special authorization"
