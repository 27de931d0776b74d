"""What each role and a machine may do, and how much of a case they see. What is not written here is refused."""

from app.core.auth import Permission, View
from app.people.codes import Role

_EVERYBODY = frozenset({Permission.SELF, Permission.REFERENCE_READ})
_MEDIATOR = _EVERYBODY | {
    Permission.CASES_ACCEPT,
    Permission.CASES_CHANGE,
    Permission.CASES_FOLLOW,
    Permission.CASES_LIST,
    Permission.CASES_MEDIATE,
    Permission.CASES_READ,
    Permission.CASES_REGISTER,
    Permission.INSPECTIONS_READ,
    Permission.INSPECTIONS_RECORD,
    Permission.MEDIATIONS_READ,
    Permission.STATISTICS_READ,
}
_CLERK = _MEDIATOR | {
    Permission.CASES_ARCHIVE,
    Permission.CASES_ASSIGN,
    Permission.CASES_REFUSE,
    Permission.CASES_TRANSFER,
    Permission.REFERRALS_ANSWER,
    Permission.REPORTS_MAKE,
}
_GRID_WORKER = _EVERYBODY | {
    Permission.CASES_LIST,
    Permission.CASES_READ,
    Permission.CASES_REGISTER,
    Permission.INSPECTIONS_READ,
    Permission.INSPECTIONS_RECORD,
}
_LIAISON = _EVERYBODY | {
    Permission.CASES_LIST,
    Permission.CASES_READ,
    Permission.MEDIATIONS_READ,
    Permission.REFERRALS_ANSWER,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VILLAGE_MEDIATOR: _MEDIATOR | {Permission.CASES_REVEAL},
    Role.COMMITTEE_CHAIR: _MEDIATOR | {Permission.CASES_REVEAL, Permission.CASES_ASSIGN, Permission.CASES_REFUSE},
    Role.GRID_WORKER: _GRID_WORKER,
    Role.OFFICE_CLERK: _CLERK,
    Role.OFFICE_HEAD: _CLERK | {Permission.CASES_REVEAL, Permission.CASES_SUPERVISE, Permission.REPORTS_CONFIRM},
    Role.LIAISON_POLICE: _LIAISON,
    Role.LIAISON_COURT: _LIAISON,
    Role.LIAISON_ARBITRATION: _LIAISON,
    Role.LIAISON_LAWYER: _LIAISON,
    Role.DISTRICT_STAT_VIEWER: _EVERYBODY | {Permission.CASES_LIST, Permission.STATISTICS_READ},
    Role.DISTRICT_ADMIN: _EVERYBODY
    | {
        Permission.ACCOUNTS_MANAGE,
        Permission.CLIENTS_MANAGE,
        Permission.PLACES_MANAGE,
        Permission.RULES_MANAGE,
    },
    Role.AUDITOR: _EVERYBODY | {Permission.AUDIT_READ},
}


MACHINE = "client"
"""The role in which machine clients stand in the audit."""
SCOPES = frozenset(
    {
        Permission.CASES_FOLLOW,
        Permission.CASES_LIST,
        Permission.CASES_READ,
        Permission.CASES_REGISTER,
        Permission.INSPECTIONS_READ,
        Permission.INSPECTIONS_RECORD,
        Permission.MEDIATIONS_READ,
        Permission.REFERENCE_READ,
        Permission.STATISTICS_READ,
    }
)
"""What a machine may be given: it brings and fetches. What the law asks a person to answer for, and whatever reveals
or administers, is no scope."""


def view_in(scopes: frozenset[Permission]) -> View:
    """A client that may not read cases sees their figures in lists: no names, no words."""
    return View.FULL if Permission.CASES_READ in scopes else View.FIGURES


def view_of(role: Role) -> View:
    if role.is_liaison:
        return View.PARTNER
    return View.FIGURES if role is Role.DISTRICT_STAT_VIEWER else View.FULL


def mediates(role: Role) -> bool:
    """Whether an account of this role may be a mediator's."""
    return Permission.CASES_MEDIATE in PERMISSIONS[role]
