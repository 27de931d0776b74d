"""律调: the lawyer who mediates is neutral, never an agent of a party of the same dispute, before or after; a fee is
of a law firm's studio alone, and none with legal aid (司发通〔2017〕105号)."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from app.core.problems import Problem
from app.core.unit_of_work import Work
from app.intake.representation import Lawyer, agents_of, refuse_representation
from app.mediation.models import Referral
from app.mediation.problems import FeeOutsideFirm, FeeWithLegalAid, LawyerActsForParty
from app.mediation.schemas.rounds import MediationIn
from app.people.codes import OrganizationKind
from app.people.models import Organization


async def refuse_mediating_agents(work: Work, case_ids: set[UUID], pointer: str) -> None:
    """Whatever came first: the round or the power of attorney."""
    named = select(Referral.lawyer_name, Referral.lawyer_license_no).where(
        Referral.case_id.in_(case_ids), Referral.lawyer_name.is_not(None)
    )
    mediating = [Lawyer(*row) for row in await work.session.execute(named)]
    if mediating and any(one.is_same(agent) for agent in await agents_of(work, case_ids) for one in mediating):
        raise LawyerActsForParty(pointer)


async def refuse_partial_lawyer(work: Work, case_id: UUID) -> None:
    """Of the round that starts, whose referral is already there."""
    await work.session.flush()
    await refuse_representation(work, [case_id], "/referral/lawyer_name")


def why_no_fee(body: MediationIn, named: Mapping[str, Organization]) -> Problem | None:
    if body.fee is None or body.fee == 0:
        return None
    if body.referral and body.referral.legal_aid_no:
        return FeeWithLegalAid("/fee")
    is_firms = any(organization.kind is OrganizationKind.LAW_FIRM for organization in named.values())
    return None if is_firms else FeeOutsideFirm("/fee")
