"""What a reader sees of a judicial confirmation and of an arbitration review."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.calendar.codes import DeadlineCode
from app.core.unit_of_work import Reading
from app.intake.access import find_case
from app.intake.models import Case
from app.mediation.answers.applications import (
    ConfirmationApplication,
    ConfirmationOut,
    ReviewApplication,
    ReviewOut,
)
from app.mediation.applications import A, due_day, require_agreement
from app.mediation.codes import ConfirmationStatus
from app.mediation.confirming import RIGHT, articles
from app.mediation.models import Agreement, ArbitrationReview, JudicialConfirmation
from app.mediation.reviewing import ARTICLE


async def confirmation_out(reading: Reading, case_id: UUID) -> ConfirmationOut:
    case = await find_case(reading, case_id)
    agreement = await require_agreement(reading, case)
    rows = await _all(reading, JudicialConfirmation, agreement)
    applied_on = next((row.applied_on for row in reversed(rows) if row.applied_on), None)
    about = await _about(reading, case, agreement, RIGHT)
    return {
        **about,  # type: ignore[typeddict-item]
        "status": rows[-1].status if rows else ConfirmationStatus.TO_APPLY,
        "basis": articles(applied_on or agreement.effective_on or agreement.agreed_on)[0],
        "applications": [_shown(row, ConfirmationApplication) for row in rows],
    }


async def review_out(reading: Reading, case_id: UUID) -> ReviewOut:
    case = await find_case(reading, case_id)
    agreement = await require_agreement(reading, case)
    rows = await _all(reading, ArbitrationReview, agreement)
    about = await _about(reading, case, agreement, DeadlineCode.ARBITRATION_REVIEW)
    return {
        **about,  # type: ignore[typeddict-item]
        "status": rows[-1].status if rows else None,
        "basis": ARTICLE[0],
        "applications": [_shown(row, ReviewApplication) for row in rows],
    }


async def _about(reading: Reading, case: Case, agreement: Agreement, code: DeadlineCode) -> dict[str, Any]:
    due_on = await due_day(reading, case, agreement, code)
    return {"case_id": case.id, "case_version": case.version, "agreement_id": agreement.id, "due_on": due_on}


async def _all(reading: Reading, model: type[A], agreement: Agreement) -> list[A]:
    statement = select(model).where(model.agreement_id == agreement.id).order_by(model.seq)
    return list(await reading.session.scalars(statement))


def _shown(row: JudicialConfirmation | ArbitrationReview, kind: Any) -> Any:
    return {name: getattr(row, name) for name in kind.__annotations__}
