"""Which kind of body is a partner under which method."""

from app.core.problems import Problem
from app.intake.method_codes import Method
from app.mediation.arbitration_codes import ArbitrationKind
from app.mediation.problems import PartnerUnfit
from app.people.codes import OrganizationKind as Kind

_DEPARTMENTS = (Kind.GOVERNMENT_OFFICE, Kind.LABOR_INSPECTION, Kind.JUSTICE_BUREAU, Kind.JUDICIAL_OFFICE)
PARTNERS: dict[Method, tuple[Kind, ...]] = {
    Method.PEOPLE: (),
    Method.POLICE: (Kind.POLICE_STATION,),
    Method.ARBITRATION: (
        *(Kind.ARBITRATION, Kind.LABOR_ARBITRATION, Kind.LAND_ARBITRATION),
        Kind.COMMERCIAL_ARBITRATION,
    ),
    # The four settings of 司发通〔2017〕105号; a bar association is a mass organization.
    Method.LAWYER: (Kind.LAW_FIRM, Kind.LEGAL_SERVICE_STATION, Kind.LEGAL_AID_CENTRE, Kind.MASS_ORGANIZATION),
    Method.COURT: (Kind.COURT, Kind.PEOPLES_TRIBUNAL),
    Method.PETITION: (Kind.PETITION_OFFICE, Kind.GOVERNANCE_CENTER),
    Method.PROCURATORATE: (Kind.PROCURATORATE,),
    # The police mediate minor public-security cases as an administrative body.
    Method.ADMINISTRATIVE: (*_DEPARTMENTS, Kind.GOVERNANCE_CENTER, Kind.POLICE_STATION),
    Method.INDUSTRY: (Kind.MEDIATION_COMMITTEE, Kind.MASS_ORGANIZATION, Kind.GOVERNMENT_OFFICE, Kind.OTHER),
}
_ARBITRATION = {
    ArbitrationKind.LABOR: Kind.LABOR_ARBITRATION,
    ArbitrationKind.RURAL_LAND: Kind.LAND_ARBITRATION,
    ArbitrationKind.COMMERCIAL: Kind.COMMERCIAL_ARBITRATION,
}


def fitting(method: Method, arbitration: ArbitrationKind | None) -> tuple[Kind, ...]:
    """An arbitration body of no special kind may be of any."""
    return PARTNERS[method] if arbitration is None else (Kind.ARBITRATION, _ARBITRATION[arbitration])


def why_unfit(kind: Kind, kinds: tuple[Kind, ...], method: Method, pointer: str) -> Problem | None:
    if kind in kinds:
        return None
    named = ("、".join(k.zh for k in kinds), " or ".join(k.en.lower() for k in kinds))
    return PartnerUnfit(pointer, method_name=(method.zh, method.en.lower()), kinds=named)
