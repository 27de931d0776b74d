"""The patrols of the demo year: what was found, what was prevented, and which findings stand behind a case."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from app.core.auth import Actor
from app.core.clock import FixedClock
from app.core.unit_of_work import Kernel, operate
from app.demo.ledger import Names, Row, code_of, day, several
from app.inspections.codes import InspectionKind
from app.inspections.dispute_codes import DisputeCategory, RiskLevel
from app.inspections.queries import findings_of
from app.inspections.schemas import InspectionIn
from app.inspections.service import record_inspection
from app.intake.findings import make_lead, prevent
from app.intake.schemas import LeadIn, PreventionIn

Found = tuple[UUID, UUID]
"""A patrol and its finding."""


async def load_patrols(kernel: Kernel, rows: list[Row], names: Names, actors: Mapping[str, Actor]) -> dict[str, Found]:
    """The findings that stand behind a case, by the case's number in the register."""
    behind = {}
    for row in rows:
        found = await _patrol(kernel, row, names, actors[row["登记人"]])
        if found and row["案件序号"]:
            behind[row["案件序号"]] = found
    return behind


async def _patrol(kernel: Kernel, row: Row, names: Names, actor: Actor) -> Found | None:
    async with operate(_on(kernel, row, "排查日期"), actor, "record_inspection") as work:
        inspection, _ = await record_inspection(work, _body(row, names))
        findings = await findings_of(work, inspection.id)
    if not findings:
        return None
    found = (inspection.id, findings[0].id)
    if row["线索日期"]:
        async with operate(_on(kernel, row, "线索日期"), actor, "make_lead") as work:
            await make_lead(work, *found, LeadIn(on=day(row, "线索日期")))
    if row["预防日期"]:
        async with operate(_on(kernel, row, "预防日期"), actor, "prevent_dispute") as work:
            await prevent(work, *found, PreventionIn(on=day(row, "预防日期"), note=row["说明"]))
    return found


def _on(kernel: Kernel, row: Row, column: str) -> Kernel:
    return replace(kernel, clock=FixedClock(day(row, column)))


def _body(row: Row, names: Names) -> InspectionIn:
    finding = {
        "summary": row["发现"],
        "category": code_of(DisputeCategory, row["纠纷类别"]),
        "location": row["地点"],
        "people_count": int(row["涉及人数"]) if row["涉及人数"] else None,
        "risk_level": code_of(RiskLevel, row["风险等级"]),
    }
    return InspectionIn.model_validate(
        {
            "place": names.places[row["村居"]],
            "inspected_on": row["排查日期"],
            "kind": code_of(InspectionKind, row["类型"]),
            "people": several(row["人员"]),
            "nothing_found": not row["发现"],
            "findings": [finding] if row["发现"] else [],
        }
    )
