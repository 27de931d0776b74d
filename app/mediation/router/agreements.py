"""The agreement of a case and its signatures over HTTP."""

from typing import Annotated

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.route import guarded_router, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.mediation import queries
from app.mediation.agreement_views import agreement_answer
from app.mediation.answers.agreements import AgreementOut, SignatureOut
from app.mediation.drafts import amend
from app.mediation.schemas.agreements import AgreementPatch, SignatureIn
from app.mediation.signing import sign

router = guarded_router(tags=["mediation"])


@router.get("/cases/{case_id}/agreement")
async def read_agreement(
    case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]
) -> Answer[AgreementOut]:
    """The agreement of a case: signatures, obligations and all that happened to them, confirmation, remedies; 404
    while there is none. It carries the case's version."""
    return await agreement_answer(reading, case_id)


@router.patch("/cases/{case_id}/agreement")
async def amend_agreement(
    case_id: PathId, body: AgreementPatch, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[AgreementOut]:
    """Puts a written agreement right that nobody has signed yet, under the case's ETag. A signed one is 409: have the
    parties agree a change of its obligations."""
    await amend(work, case_id, body)
    return await agreement_answer(work, case_id)


@router.post("/cases/{case_id}/agreement/signatures", status_code=201)
async def sign_agreement(
    case_id: PathId, body: SignatureIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> SignatureOut:
    """Records a signature or the seal of a written agreement. The latest of them makes it effective (art. 29)."""
    return queries.signature_out(await sign(work, case_id, body))
