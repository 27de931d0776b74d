"""A claim of an old report is kept beside the register (`legacy_report_claim`): never as a figure, never corrected."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from app.core.db import new_id
from app.core.jurisdiction import Spot, Subtree
from app.core.paging import Order, page
from app.core.problems import NotFound
from app.core.unit_of_work import Reading, Work
from app.statistics.claim_answers import ClaimRead
from app.statistics.claim_checking import check_text
from app.statistics.claim_models import ReportClaim
from app.statistics.claim_schemas import ReportClaimFilter, ReportClaimIn, ReportClaimOut
from app.statistics.schemas import ClaimIn

_ITEM: list[Any] = [
    *(getattr(ReportClaim, name) for name in ("id", "version", "place", "document", "text")),
    *(ReportClaim.first_on.label("from"), ReportClaim.last_on.label("to")),
    *(getattr(ReportClaim, name) for name in ("reproducible", "reason_zh", "reason_en", "recorded_at", "recorded_by")),
]


async def keep_claim(work: Work, body: ReportClaimIn) -> tuple[UUID, bool]:
    """With what the register says of it now."""
    fingerprint = body.model_dump(mode="json", exclude_unset=True)
    if body.id and (standing := await work.sent_before(ReportClaim, body.id, fingerprint)):
        return standing.id, False
    asked = {"text": body.text, "place": body.place, "from": body.first, "to": body.last}
    checked = await check_text(work, ClaimIn.model_validate(asked), body.text)
    row = ReportClaim(
        id=body.id or new_id(),
        **Spot.of_place(checked["place"]).columns,
        document=body.document,
        text=checked["text"],
        first_on=body.first,
        last_on=body.last,
        figures=checked["figures"],
        reproducible=_is_reproducible(checked),
        reason_zh=checked["zh"],
        reason_en=checked["en"],
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    kept, is_new = await work.claim(row, fingerprint)
    return kept.id, is_new


def _is_reproducible(checked: ClaimRead) -> bool:
    figures = checked["figures"]
    return not any(figure["impossible"] or figure["differs"] is not False for figure in figures)


async def claim_page(
    reading: Reading, query: ReportClaimFilter
) -> tuple[Sequence[dict[str, Any]], str | None, int | None]:
    statement = select(*_ITEM)
    if query.place:
        asked = Subtree(query.place)
        level = getattr(ReportClaim, asked.level) == getattr(asked.spot, asked.level)
        statement = statement.where(ReportClaim.district == asked.spot.district, level)
    rows, following, total = await page(reading, statement, query, Order(None, ReportClaim.id))
    return [_fields(row) for row in rows], following, total


async def one_claim(reading: Reading, claim_id: UUID) -> ReportClaimOut:
    statement = select(*_ITEM, ReportClaim.figures).where(ReportClaim.id == claim_id)
    row = (await reading.session.execute(statement)).one_or_none()
    if row is None:
        raise NotFound
    return cast(ReportClaimOut, _fields(row) | {"figures": row.figures})


def _fields(row: Any) -> dict[str, Any]:
    return {column.key: row._mapping[column.key] for column in _ITEM}
