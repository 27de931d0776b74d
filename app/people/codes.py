"""The terms for those who mediate or take part: organizations, committees, mediators and the roles of accounts."""

from app.core.codes import Code
from app.places.codes import PlaceLevel


class OrganizationKind(Code, table="organization_kind"):
    """Only a mediation committee accepts cases and numbers them; all others are partners or offices."""

    MEDIATION_COMMITTEE = "mediation_committee", "人民调解委员会", "People's mediation committee"
    JUDICIAL_OFFICE = "judicial_office", "司法所", "Judicial office"
    JUSTICE_BUREAU = "justice_bureau", "司法局", "Justice bureau"
    LEGAL_SERVICE_STATION = "legal_service_station", "公共法律服务站", "Public legal service station"
    LEGAL_AID_CENTRE = "legal_aid_centre", "法律援助中心", "Legal aid centre"
    LAW_FIRM = "law_firm", "律师事务所", "Law firm"
    POLICE_STATION = "police_station", "派出所", "Police station"
    COURT = "court", "人民法院", "People's court"
    PEOPLES_TRIBUNAL = "peoples_tribunal", "人民法庭", "People's tribunal", "court"
    PROCURATORATE = "procuratorate", "人民检察院", "People's procuratorate"
    ARBITRATION = "arbitration", "仲裁机构", "Arbitration body"
    LABOR_ARBITRATION = "labor_arbitration", "劳动人事争议仲裁委员会", "Labour and personnel arbitration", "arbitration"
    LAND_ARBITRATION = "land_arbitration", "农村土地承包仲裁委员会", "Rural land contract arbitration", "arbitration"
    COMMERCIAL_ARBITRATION = "commercial_arbitration", "商事仲裁委员会", "Commercial arbitration", "arbitration"
    LABOR_INSPECTION = "labor_inspection", "劳动监察机构", "Labour inspection"
    PETITION_OFFICE = "petition_office", "信访部门", "Petition office"
    GOVERNANCE_CENTER = "governance_center", "综治中心", "Governance centre"
    GOVERNMENT_OFFICE = "government_office", "政府及其部门", "Government office"
    MASS_ORGANIZATION = "mass_organization", "群团组织", "Mass organization"
    OTHER = "other", "其他组织", "Other organization"


class CommitteeType(Code, table="committee_type"):
    """Order of the official personnel table; townships and others by art. 34 of the People's Mediation Law."""

    VILLAGE = "village", "村人民调解委员会", "Village committee"
    RESIDENTS = "residents", "居民人民调解委员会", "Residents' committee"
    TOWNSHIP = "township", "乡镇人民调解委员会", "Township committee"
    SUBDISTRICT = "subdistrict", "街道人民调解委员会", "Subdistrict committee"
    COUNTY = "county", "区级人民调解委员会", "District committee"
    ENTERPRISE = "enterprise", "企事业单位人民调解委员会", "Enterprise or institution committee"
    SOCIAL_ORG = "social_org", "社会团体和其他组织人民调解委员会", "Social organization committee"
    INDUSTRY_PROFESSIONAL = "industry_professional", "行业性专业性人民调解委员会", "Industry or professional committee"
    STATIONED_OFFICE = "stationed_office", "派驻调解室", "Stationed mediation office"
    PERSONAL_STUDIO = "personal_studio", "个人调解工作室", "Personal mediation studio"


class MediatorKind(Code, table="mediator_kind"):
    FULL_TIME = "full_time", "专职", "Full-time"
    PART_TIME = "part_time", "兼职", "Part-time"


class Role(Code, table="role"):
    """An account has one role at one place; what a role may do is declared with the permissions."""

    VILLAGE_MEDIATOR = "village_mediator", "村居调解员", "Village mediator"
    COMMITTEE_CHAIR = "committee_chair", "调委会主任", "Committee chair"
    GRID_WORKER = "grid_worker", "网格员", "Grid worker"
    OFFICE_CLERK = "office_clerk", "司法所工作人员", "Judicial office clerk"
    OFFICE_HEAD = "office_head", "司法所所长", "Head of the judicial office"
    LIAISON_POLICE = "liaison_police", "公安联络员", "Police liaison"
    LIAISON_COURT = "liaison_court", "法院联络员", "Court liaison"
    LIAISON_ARBITRATION = "liaison_arbitration", "仲裁联络员", "Arbitration liaison"
    LIAISON_LAWYER = "liaison_lawyer", "律师联络员", "Lawyer liaison"
    DISTRICT_STAT_VIEWER = "district_stat_viewer", "区级统计查看员", "District statistics viewer"
    DISTRICT_ADMIN = "district_admin", "区级管理员", "District administrator"
    AUDITOR = "auditor", "审计员", "Auditor"

    @property
    def levels(self) -> tuple[PlaceLevel, ...]:
        """Levels of place at which an account of this role may stand."""
        return _LEVELS.get(self, (PlaceLevel.DISTRICT,))

    @property
    def is_liaison(self) -> bool:
        """Whether the account must name an organization and sees only what was referred to it."""
        return self in _LIAISONS


_LEVELS = {
    Role.VILLAGE_MEDIATOR: (PlaceLevel.VILLAGE,),
    Role.COMMITTEE_CHAIR: (PlaceLevel.VILLAGE, PlaceLevel.TOWNSHIP),
    Role.GRID_WORKER: (PlaceLevel.VILLAGE,),
    Role.OFFICE_CLERK: (PlaceLevel.TOWNSHIP,),
    Role.OFFICE_HEAD: (PlaceLevel.TOWNSHIP,),
}
_LIAISONS = {Role.LIAISON_POLICE, Role.LIAISON_COURT, Role.LIAISON_ARBITRATION, Role.LIAISON_LAWYER}
