"""更正说明: what a report says otherwise than the register does now, in words, each number with its reasons."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.core.clock import SHANGHAI
from app.core.unit_of_work import Reading
from app.places.models import Place
from app.statistics.codes import Unit
from app.statistics.difference_queries import Question, differing
from app.statistics.differences import explained, moved_indicators, question_of
from app.statistics.indicators import REGISTRY
from app.statistics.report_answers import CorrectionNote
from app.statistics.report_codes import Cause
from app.statistics.tallies import MAX_ROWS, check_size

_ZH, _EN = 0, 1


async def correction_note(reading: Reading, report_id: UUID) -> CorrectionNote:
    question = await question_of(reading, report_id)
    moved = [one for one in await moved_indicators(reading, question) if one["reported"] != one["now"]]
    statement = differing(question, reading.actor, late=False).limit(MAX_ROWS + 1)
    rows = (await reading.session.execute(statement)).all()
    check_size(len(rows))
    causes = Counter(one["cause"] for one in await explained(reading, question, rows))
    name = await reading.session.scalar(select(Place.name).where(Place.code == question.report.place))
    return {"zh": _zh(reading, question, str(name), moved, causes), "en": _en(reading, question, moved, causes)}


def _zh(reading: Reading, question: Question, place: str, moved: list[Any], causes: Counter[Cause]) -> str:
    report = question.report
    head = (
        f"{place}{report.kind.zh}（{report.first_on}至{report.last_on}，第{report.edition}版，编号{report.id}）更正说明\n"
        f"报表以{_minute(report.cut_off_at)}为截止时点，所载数据不作改动。截至{_minute(reading.now)}，"
    )
    if not moved and not causes:
        return head + "登记簿与报表一致，无须更正。\n"
    lines = [
        f"{n}. {REGISTRY[one['slug']].zh}：原报{_value(one, 'reported', _ZH)}，现为{_value(one, 'now', _ZH)}"
        f"{_by(one, _ZH)}。\n"
        for n, one in enumerate(moved, 1)
    ]
    reasons = "、".join(f"{cause.zh}{count}件" for cause, count in _in_order(causes)) or "无"
    return f"{head}登记簿与报表有以下差异：\n{''.join(lines)}涉及案件{causes.total()}件，按原因：{reasons}。\n"


def _en(reading: Reading, question: Question, moved: list[Any], causes: Counter[Cause]) -> str:
    report = question.report
    head = (
        f"Correction note: {report.kind.en.lower()} report of {report.place}, {report.first_on} to {report.last_on}, "
        f"version {report.edition} ({report.id})\n"
        f"The report holds what was known at {_minute(report.cut_off_at)} and stays as it is. "
        f"At {_minute(reading.now)} the register "
    )
    if not moved and not causes:
        return head + "says the same; there is nothing to correct.\n"
    lines = [
        f"{n}. {REGISTRY[one['slug']].en}: reported {_value(one, 'reported', _EN)}, now {_value(one, 'now', _EN)}"
        f"{_by(one, _EN)}.\n"
        for n, one in enumerate(moved, 1)
    ]
    reasons = ", ".join(f"{cause.en.lower()} {count}" for cause, count in _in_order(causes)) or "none"
    return f"{head}differs from it:\n{''.join(lines)}Cases concerned: {causes.total()}, by reason: {reasons}.\n"


def _in_order(causes: Counter[Cause]) -> Iterable[tuple[Cause, int]]:
    return [(cause, causes[cause]) for cause in Cause if causes[cause]]


def _value(one: Mapping[str, Any], side: str, language: int) -> str:
    value, unit = one[side], REGISTRY[one["slug"]].unit
    nothing = ("无", "none")[language]
    if "percent" in value:
        percent = nothing if value["percent"] is None else f"{value['percent']}%"
        return f"{value['numerator']}/{value['denominator']}（{percent}）"
    if value["value"] is None:
        return nothing
    return f"{value['value']}{unit.zh}" if language == _ZH else f"{value['value']} {unit.en.lower()}"


def _by(one: Mapping[str, Any], language: int) -> str:
    """By how much, signed; nothing where one of the two has no value."""
    change, unit = one["change"], REGISTRY[one["slug"]].unit
    if change is None:
        return ""
    signed = change if change.startswith("-") else f"+{change}"
    if unit is Unit.PERCENT:
        return f"（{signed}个百分点）" if language == _ZH else f" ({signed} percentage points)"
    return f"（{signed}）" if language == _ZH else f" ({signed})"


def _minute(instant: Any) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
