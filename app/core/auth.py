"""Who is calling and what they may do. `main` hands in the look-up of a token's actor; permissions are listed here."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from app.core.codes import Code
from app.core.jurisdiction import Everywhere, Jurisdiction, Spot
from app.core.settings import Settings


class Permission(Code, table="permission"):
    """What a door asks for. A role's permissions stand beside the roles."""

    ACCOUNTS_MANAGE = "accounts:manage", "管理账号", "Manage accounts"
    AUDIT_READ = "audit:read", "查阅审计记录", "Read the audit"
    CASES_ACCEPT = "cases:accept", "受理案件", "Accept cases"
    CASES_ARCHIVE = "cases:archive", "归档", "Archive cases"
    CASES_ASSIGN = "cases:assign", "指派调解员", "Assign mediators"
    CASES_CHANGE = "cases:change", "修改案件", "Change cases"
    CASES_FOLLOW = "cases:follow", "查阅案件办理过程", "Follow a case: rounds, sessions, agreement, timeline"
    CASES_LIST = "cases:list", "查询案件列表", "List cases"
    CASES_MEDIATE = "cases:mediate", "调解案件", "Mediate: rounds, sessions, conclusions, signatures, closure"
    CASES_READ = "cases:read", "查阅案件", "Read a case"
    CASES_REFUSE = "cases:refuse", "不予受理", "Refuse cases"
    CASES_REGISTER = "cases:register", "登记案件", "Register cases"
    CASES_REVEAL = "cases:reveal", "查看当事人证件号码和电话", "Reveal a party's identity"
    CASES_SUPERVISE = "cases:supervise", "并案、作废、重新启动", "Merge, void and reopen cases"
    CASES_TRANSFER = "cases:transfer", "移送案件", "Transfer cases"
    CLIENTS_MANAGE = "clients:manage", "管理机器客户端", "Manage machine clients"
    INSPECTIONS_READ = "inspections:read", "查阅排查", "Read patrols"
    INSPECTIONS_RECORD = "inspections:record", "登记排查", "Record patrols"
    MEDIATIONS_READ = "mediations:read", "查阅调解", "Read a round of mediation"
    PLACES_MANAGE = "places:manage", "管理区划、组织和调解员", "Manage places, organizations and mediators"
    REFERENCE_READ = (
        "reference:read",
        "查阅区划、组织、调解员和代码表",
        "Read places, organizations, mediators, code tables",
    )
    REFERRALS_ANSWER = "referrals:answer", "办理移送对接", "Take the steps of a referral"
    REPORTS_CONFIRM = "reports:confirm", "确认和锁定统计报表", "Confirm and lock reports"
    REPORTS_MAKE = "reports:make", "编制统计报表", "Make reports"
    RULES_MANAGE = "rules:manage", "管理期限规则和调休日历", "Manage time limits and the calendar of working days"
    SELF = "self", "查看和维护本人账号", "See and keep one's own account"
    STATISTICS_READ = "statistics:read", "查阅统计", "Read statistics"


class View(Code, table="view"):
    """How much of a case its reader sees."""

    FULL = "full", "全部", "Everything, identities masked"
    PARTNER = "partner", "协作单位", "What was referred: title, category, summary, names"
    FIGURES = "figures", "统计", "Number, place, classification and dates"


@dataclass(frozen=True)
class Actor:
    """The account or machine client behind a request, or the operator of this machine."""

    id: UUID | None
    role: str
    jurisdiction: Jurisdiction
    permissions: frozenset[Permission]
    view: View = View.FULL
    organization_id: UUID | None = None
    mediator_id: UUID | None = None
    is_village: bool = False
    """Stands at a village: accepts only for the own committee, reveals identities only in own cases."""
    session_id: UUID | None = None
    """The family of tokens of this sign-in."""
    is_machine: bool = False

    @property
    def spot(self) -> Spot:
        return self.jurisdiction.spot

    @property
    def district(self) -> str:
        return self.spot.district

    @property
    def account_id(self) -> UUID | None:
        """For columns that name a person; a machine's id is no account's."""
        return None if self.is_machine else self.id


OPERATOR = Actor(None, "operator", Everywhere(), frozenset(Permission))
"""Whoever has this machine: commands, and the kernel's own look-ups."""


@dataclass(frozen=True)
class TokenLife:
    """How long the tokens of a sign-in hold."""

    access: timedelta
    refresh: timedelta

    @classmethod
    def of(cls, settings: Settings) -> "TokenLife":
        return cls(timedelta(minutes=settings.access_token_minutes), timedelta(days=settings.refresh_token_days))


DEFAULT_TOKEN_LIFE = TokenLife(timedelta(minutes=15), timedelta(days=30))


@dataclass
class Nobody:
    """Caller of a public route."""

    permissions: frozenset[Permission] = field(default_factory=frozenset)
