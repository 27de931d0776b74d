"""What a reader gets to see of cases: the list's items, the single case, the case after a step; each by the
reader's view."""

from typing import Any

from app.core.answers import Answer, etag_of
from app.core.auth import View
from app.core.problems import InputError, InvalidInput
from app.core.unit_of_work import Work
from app.intake import queries
from app.intake.answers import CaseOut
from app.intake.filters import CaseFilter
from app.intake.models import Case


def refuse_unseen(query: CaseFilter, view: View) -> None:
    unseen = (
        query.model_fields_set
        - {"limit", "cursor", "total"}
        - queries.FILTERABLE.get(view, set(CaseFilter.model_fields))
    )
    if query.sort.lstrip("-") not in queries.SORTABLE.get(view, set(queries.SORT_COLUMNS)):
        unseen |= {"sort"}
    if unseen:
        words = (
            "您的岗位看不到此字段，不能据此筛选或排序",
            "your role does not see this field and cannot filter or sort by it",
        )
        raise InvalidInput(errors=[InputError(f"query:{name}", "field-not-visible", *words) for name in sorted(unseen)])


async def case_answer(work: Work, case: Case) -> Answer[CaseOut]:
    """The case after a step, as its reader sees it."""
    found: Any = await queries.single_case(work, case.id)
    return Answer(found, etag_of(case.version, work.actor.view))
