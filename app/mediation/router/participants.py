"""Invited participants over HTTP."""

from typing import Annotated

from fastapi import Query

from app.core.answers import Answer
from app.core.auth import Permission
from app.core.route import guarded_router, read, work
from app.core.schemas import PageQuery, PathId
from app.core.unit_of_work import Reading, Work
from app.mediation.answers.participants import ParticipantList, ParticipantOut
from app.mediation.entries import listed_of, shown
from app.mediation.models import Participant
from app.mediation.participants import invite, record_consent
from app.mediation.schemas.participants import ParticipantConsentIn, ParticipantIn

router = guarded_router(tags=["mediation"])


@router.post("/cases/{case_id}/participants", status_code=201)
async def invite_participant(
    case_id: PathId, body: ParticipantIn, work: Annotated[Work, work(Permission.CASES_MEDIATE)]
) -> Answer[ParticipantOut]:
    """邀请参与人 (art. 20): relatives, neighbours, experts. Nobody joins a session without the consent of all."""
    row, is_new = await invite(work, case_id, body)
    return Answer(shown(row, ParticipantOut), status=201 if is_new else 200)


@router.get("/cases/{case_id}/participants")
async def list_participants(
    case_id: PathId,
    query: Annotated[PageQuery, Query()],
    reading: Annotated[Reading, read(Permission.CASES_FOLLOW)],
) -> ParticipantList:
    """The invited participants of a case, and what the parties said to each."""
    return await listed_of(
        reading, case_id, Participant, ParticipantOut, ParticipantList, query, Participant.invited_on
    )


@router.post("/cases/{case_id}/participants/{participant_id}/consents")
async def record_participant_consent(
    case_id: PathId,
    participant_id: PathId,
    body: ParticipantConsentIn,
    work: Annotated[Work, work(Permission.CASES_MEDIATE)],
) -> ParticipantOut:
    """A party lets a participant in, or no longer does. The last word of each party counts."""
    return shown(await record_consent(work, case_id, participant_id, body), ParticipantOut)  # type: ignore[no-any-return]
