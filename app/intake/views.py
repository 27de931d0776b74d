"""What a reader gets to see of cases: the list's items, the single case, the case after a step; each by the
reader's view."""

from typing import Any

from sqlalchemy import ColumnElement

from app.core.answers import Answer, etag_of
from app.core.auth import View
from app.core.paging import listed, page
from app.core.problems import InputError, InvalidInput
from app.core.unit_of_work import Reading, Work
from app.intake import queries
from app.intake.answers import CaseList, CaseOut
from app.intake.filters import CaseFilter
from app.intake.models import Case
from app.intake.search import plan_for_words


async def case_items(reading: Reading, rows: Any) -> list[Any]:
    items = [queries.shaped(row) for row in rows]
    if reading.actor.view is not View.FIGURES and items:
        names = await queries.party_names(reading, [item["id"] for item in items])
        for item in items:
            item["parties"] = names[item["id"]]
    return items


async def case_list(reading: Reading, query: CaseFilter, *further: ColumnElement[bool]) -> CaseList:
    refuse_unseen(query, reading.actor.view)
    if query.q:
        await plan_for_words(reading)
    statement = queries.case_rows(reading.actor.view).where(*queries.filtered(query), *further)
    rows, following, total = await page(reading, statement, query, queries.order_of(query.sort))
    return listed(CaseList, await case_items(reading, rows), following, total)


def refuse_unseen(query: CaseFilter, view: View) -> None:
    unseen = (
        query.model_fields_set
        - {"limit", "cursor", "total"}
        - queries.FILTERABLE.get(view, set(type(query).model_fields))
    )
    if query.sort.lstrip("-") not in queries.SORTABLE.get(view, set(queries.SORT_COLUMNS)):
        unseen |= {"sort"}
    if unseen:
        words = (
            "您的岗位看不到此字段，不能据此筛选或排序",
            "your role does not see this field and cannot filter or sort by it",
        )
        raise InvalidInput(
            errors=[InputError(f"{query.where}{name}", "field-not-visible", *words) for name in sorted(unseen)]
        )


async def case_answer(work: Work, case: Case) -> Answer[CaseOut]:
    """The case after a step, as its reader sees it."""
    await work.session.flush()
    return Answer(
        await complete_case(work, await queries.single_case(work, case.id)), etag_of(case.version, work.actor.view)
    )


async def complete_case(reading: Reading, case: dict[str, Any]) -> Any:
    if reading.actor.view is View.PARTNER:
        return case | {"parties": (await queries.party_names(reading, [case["id"]]))[case["id"]]}
    return case | {
        "mediators": await queries.mediators_of(reading, case["id"]),
        "parties": [queries.party_out(party, reading.key) for party in await queries.parties_of(reading, case["id"])],
        "deadlines": [],
    }
