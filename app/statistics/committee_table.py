"""The companion of the case table: mediation committees by type, with their mediators, as they stand today."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.core.unit_of_work import Reading
from app.people.codes import CommitteeType, MediatorKind, OrganizationKind
from app.people.models import Mediator, Organization
from app.places.queries import within
from app.statistics.reporting_units import place_of
from app.statistics.sheets import Sheet
from app.statistics.table_answers import CommitteeCounts

TITLE = "人民调解组织和人员情况统计表"
_HEADS = [
    ("调委会类型",),
    ("代码",),
    ("人民调解委员会（个）",),
    ("人民调解员", "合计（人）"),
    ("人民调解员", "专职（人）"),
    ("人民调解员", "兼职（人）"),
]


async def committee_table(reading: Reading, named: str | None) -> dict[str, Any]:
    place = await place_of(reading, named)
    by_type = {row[0]: _counts(row[1:]) for row in await _counted(reading, place.code, Organization.committee_type)}
    ((*total,),) = await _counted(reading, place.code)
    return {
        "title": TITLE,
        "place": place.code,
        "name": place.name,
        "on": reading.today,
        "rows": [{"committee_type": kind, **by_type.get(kind, _counts([0, 0, 0, 0]))} for kind in CommitteeType],
        "total": _counts(total),
    }


async def _counted(reading: Reading, place: str, *by: Any) -> Any:
    """Committees, mediators, full-time, part-time; whoever has retired by today is left out."""
    of_kind = [func.count(Mediator.id).filter(Mediator.kind == kind) for kind in MediatorKind]
    theirs = and_(Mediator.organization_id == Organization.id, _stands(Mediator, reading))
    statement = (
        select(*by, func.count(Organization.id.distinct()), func.count(Mediator.id), *of_kind)
        .outerjoin(Mediator, theirs)
        .where(
            Organization.kind == OrganizationKind.MEDIATION_COMMITTEE,
            within(Organization.place, place),
            _stands(Organization, reading),
        )
        .group_by(*by)
    )
    return (await reading.session.execute(statement)).all()


def _stands(model: Any, reading: Reading) -> ColumnElement[bool]:
    return or_(model.retired_on.is_(None), model.retired_on > reading.today)


def _counts(row: Any) -> CommitteeCounts:
    committees, mediators, full_time, part_time = row
    return {"committees": committees, "mediators": mediators, "full_time": full_time, "part_time": part_time}


def as_sheet(reading: Reading, table: Any) -> Sheet:
    rows = [
        [row["committee_type"].zh, str(row["committee_type"]), *(row[name] for name in CommitteeCounts.__annotations__)]
        for row in table["rows"]
    ]
    total = ["合计", "", *table["total"].values()]
    return Sheet(TITLE, table["name"], None, reading.now, _HEADS, rows, total)
