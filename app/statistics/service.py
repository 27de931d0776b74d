"""The use cases of figures: break them down, list the cases behind one, hold a printed rate against the register."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement

from app.core.clock import shanghai_date
from app.core.input_errors import refuse_fields, rule
from app.core.jurisdiction import Spot
from app.core.paging import Order, listed, page
from app.core.problems import NotFound, UnknownReference
from app.core.unit_of_work import Reading
from app.intake.models import Case
from app.intake.queries import FILTERABLE
from app.intake.views import case_items, case_rows
from app.statistics.answers import ClaimChecked, FigureCases, RegisterRate
from app.statistics.claims import nearest, possible_ranges
from app.statistics.codes import Dimension, Part
from app.statistics.indicators import REGISTRY, Indicator, definition_version
from app.statistics.models import CountedCase
from app.statistics.periods import Period
from app.statistics.queries import DATES, OF_PATROLS, Scope, behind, place_and_children
from app.statistics.rows import rows_of
from app.statistics.schemas import ClaimIn, FigureCasesQuery, FigureFilter, StatisticsQuery
from app.statistics.tallies import Key, tally_of
from app.statistics.values import percent

rule("no_denominator", "该指标是件数，没有分母", "this indicator is a count and has no denominator")
rule(
    "field_not_visible",
    "您的岗位看不到此字段，不能据此筛选或分组",
    "your role does not see this field and cannot filter or group by it",
)


rule(
    "of_cases_alone",
    "排查没有这样的分类，不能据此筛选或分组",
    "patrols are not classified so and cannot be filtered or broken down by it",
)


class SealedQuery(FigureCasesQuery):
    """Its cursor belongs to one indicator."""

    figure: str


async def figures(reading: Reading, query: StatisticsQuery) -> dict[str, Any]:
    """Everything of the answer but the instant it was computed."""
    _refuse_unseen(reading, query, query.by)
    place, children = await _place(reading, query.place, "query:place")
    scope = scope_of(reading, place, query)
    indicators = _chosen(query)
    tally = await tally_of(reading, scope, query.period, indicators, query.by)
    return {
        "definition_version": definition_version(),
        "place": scope.place,
        "from": query.first,
        "to": query.last,
        "as_of": query.as_of,
        "rows": rows_of(scope, query.by, indicators, tally, _members(query, place, children)),
    }


def _members(query: StatisticsQuery, place: str, children: Sequence[Any]) -> list[Key]:
    """Of one dimension, month or place, every member has a row; without any there is one row."""
    if not query.by:
        return [()]
    if query.by == [Dimension.MONTH]:
        return [(month,) for month in query.period.months()]
    if query.by == [Dimension.PLACE]:
        below = [] if "place" in query.exact else children
        # Where a place began is not asked: its code may be younger than the place.
        return [(place,), *((code,) for code, ended in below if ended is None or ended >= query.first)]
    return []


def scope_of(reading: Reading, place: str, query: FigureFilter) -> Scope:
    return Scope(place, query, shanghai_date(query.as_of) if query.as_of else reading.today)


def _chosen(query: StatisticsQuery) -> list[Indicator]:
    """Those named; else all that can be asked so: nobody classified patrols as cases are."""
    named = list(query.indicator or REGISTRY)
    cannot = {slug for slug in named if not REGISTRY[slug].population.is_of_cases} if _is_of_cases(query) else set()
    if query.indicator:
        refuse_fields("of_cases_alone", [f"query:indicator/{named.index(slug)}" for slug in cannot])
    return [REGISTRY[slug] for slug in named if slug not in cannot]


def _is_of_cases(query: StatisticsQuery) -> bool:
    """Whether something is asked that only cases have."""
    filters = (query.category, query.source, query.method, query.organization_id)
    return any(filters) or not OF_PATROLS.issuperset(query.by)


async def figure_cases(reading: Reading, slug: str, query: FigureCasesQuery) -> FigureCases:
    indicator, _, conditions = await figure_behind(reading, slug, query)
    statement = case_rows(reading.actor.view).join(CountedCase, CountedCase.case_id == Case.id).where(*conditions)
    sealed = SealedQuery.model_construct(**dict(query), figure=slug)
    rows, following, total = await page(reading, statement, sealed, Order(DATES[indicator.population], Case.id))
    return listed(FigureCases, case_items(rows), following, total)


async def figure_behind(
    reading: Reading, slug: str, query: FigureCasesQuery
) -> tuple[Indicator, str, list[ColumnElement[bool]]]:
    """The figure asked about, the place, and which cases it counts."""
    indicator = REGISTRY.get(slug)
    if indicator is None or not indicator.population.is_of_cases:
        raise NotFound
    if indicator.denominator is None and query.part is Part.DENOMINATOR:
        refuse_fields("no_denominator", ["query:part"])
    _refuse_unseen(reading, query, [])
    place, _ = await _place(reading, query.place, "query:place")
    return indicator, place, behind(indicator, query.part, scope_of(reading, place, query), query.period)


async def check_claim(reading: Reading, claim: ClaimIn) -> ClaimChecked:
    possible = possible_ranges(claim.count, claim.percent)
    answer: ClaimChecked = {
        "possible": possible,
        "nearest": [] if possible else nearest(claim.count, claim.percent),
    }
    place, _ = await _place(reading, claim.place, "/place")
    if claim.period:
        answer["register"] = await _register_rate(reading, place, claim, claim.period)
    return answer


async def _register_rate(reading: Reading, place: str, claim: ClaimIn, period: Period) -> RegisterRate:
    """It agrees if it is of as many cases, and prints as the claim under one of the roundings."""
    rate = REGISTRY["success_rate"]
    scope = scope_of(reading, place, FigureFilter.model_validate({"from": period.first, "to": period.last}))
    counts = (await tally_of(reading, scope, period, [rate], []))[()]
    numerator, denominator = (counts[rate.population, measure.name] for measure in rate.measures)
    possible = possible_ranges(claim.count, claim.percent)
    fits = any(r["numerator_from"] <= numerator <= r["numerator_to"] for r in possible)
    return {
        "indicator": rate.slug,
        "numerator": numerator,
        "denominator": denominator,
        "percent": percent(numerator, denominator),
        "agrees": denominator == claim.count and fits,
    }


async def _place(reading: Reading, named: str | None, pointer: str) -> tuple[str, Sequence[Any]]:
    """The place asked about, the caller's own if none is named, and its direct children with the day each ended."""
    code = named or reading.actor.spot.place
    rows = (await reading.session.execute(place_and_children(code))).all()
    if all(row.code != code for row in rows) or not reading.actor.jurisdiction.reaches(Spot.of_place(code)):
        raise UnknownReference(pointer)
    return code, [(row.code, row.valid_to) for row in rows if row.code != code]


def _refuse_unseen(reading: Reading, query: FigureFilter, by: Sequence[Dimension]) -> None:
    """The committee of a case is not among the figures' fields: whoever sees only those cannot ask by it."""
    view = reading.actor.view
    if view not in FILTERABLE or "organization_id" in FILTERABLE[view]:
        return
    asked = {"query:organization_id": query.organization_id, "query:by": Dimension.ORGANIZATION in by}
    refuse_fields("field_not_visible", [pointer for pointer, is_asked in asked.items() if is_asked])
