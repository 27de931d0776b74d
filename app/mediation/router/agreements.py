"""The agreement of a case and its signatures over HTTP."""

from typing import Annotated

from app.core.auth import Permission
from app.core.route import guarded_router, read, work
from app.core.schemas import PathId
from app.core.unit_of_work import Reading, Work
from app.intake.access import find_case
from app.mediation import queries
from app.mediation.answers.agreements import AgreementOut, SignatureOut
from app.mediation.schemas.agreements import SignatureIn
from app.mediation.signing import sign

router = guarded_router(tags=["mediation"])


@router.get("/cases/{case_id}/agreement")
async def read_agreement(case_id: PathId, reading: Annotated[Reading, read(Permission.CASES_FOLLOW)]) -> AgreementOut:
    """The agreement of a case with its obligations and signatures; 404 while there is none."""
    await find_case(reading, case_id)
    return await queries.agreement_out(reading, case_id)


@router.post("/cases/{case_id}/agreement/signatures", status_code=201)
async def sign_agreement(
    case_id: PathId, body: SignatureIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> SignatureOut:
    """Records a signature or the seal of a written agreement. The latest of them makes it effective (art. 29)."""
    return queries.signature_out(await sign(work, case_id, body))
