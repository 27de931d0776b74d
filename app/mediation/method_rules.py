"""What a method demands before its round starts: matters it may take, partners that fit, a fee."""

from collections.abc import Mapping

from app.core.problems import Problem
from app.intake.codes import DisputeCategory
from app.intake.guards import refuse_if
from app.mediation.arbitration_codes import ArbitrationKind
from app.mediation.lawyers import why_no_fee
from app.mediation.partners import fitting, why_unfit
from app.mediation.problems import DisputeExcluded, MatterExcluded, OutsideScope
from app.mediation.schemas.referrals import ReferralIn
from app.mediation.schemas.rounds import MediationIn
from app.people.codes import OrganizationKind
from app.people.models import Organization


def refuse_by_method(category: DisputeCategory, body: MediationIn, named: Mapping[str, Organization]) -> None:
    refuse_if(_why_excluded(body.referral, category))
    _refuse_unfit(body, named)
    refuse_if(why_no_fee(body, named))


def _why_excluded(referral: ReferralIn | None, category: DisputeCategory) -> Problem | None:
    if referral and (matter := referral.excluded_matter):
        return MatterExcluded("/referral/excluded_matter", article=(matter.article, matter.article_en))
    kind = referral.arbitration_kind if referral else None
    return _why_outside(kind, referral, category) if referral and kind else None


def _why_outside(kind: ArbitrationKind, referral: ReferralIn, category: DisputeCategory) -> Problem | None:
    """Labour, farm contracts and commerce each have their law; some disputes none of them takes."""
    said = referral.arbitration_exclusion
    if exclusion := said or kind.why_excluded(category):
        return DisputeExcluded(
            "/referral/arbitration_exclusion" if said else "/referral/arbitration_kind",
            matter=(exclusion.zh, exclusion.en),
            article=exclusion.article,
            instead=exclusion.instead,
        )
    if kind.takes(category):
        return None
    return OutsideScope(
        "/referral/arbitration_kind",
        category_name=(category.zh, category.en),
        kind_name=(kind.zh, kind.en),
        article=kind.scope,
    )


def _refuse_unfit(body: MediationIn, named: Mapping[str, Organization]) -> None:
    """A partner is of a kind that goes with the method; a law firm is one."""
    kinds = {
        "partner_id": fitting(body.method, body.referral.arbitration_kind if body.referral else None),
        "law_firm_id": (OrganizationKind.LAW_FIRM,),
    }
    for name, organization in named.items():
        refuse_if(why_unfit(organization.kind, kinds[name], body.method, f"/referral/{name}"))
