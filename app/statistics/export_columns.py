"""The columns of cases as a table for spreadsheets: heads in the reader's language, the words of a code beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.auth import View
from app.core.codes import Code, member_of
from app.core.locale import Language
from app.intake.codes import (
    CaseOutcome,
    CaseStatus,
    Channel,
    DeclineReason,
    Difficulty,
    DisputeCategory,
    Forecast,
    PartySide,
    RiskLevel,
    Source,
    SpecialGroup,
)
from app.intake.method_codes import FailureReason, Method

Case = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    head: str
    cell: Callable[[Case], Any]


_HEADS: dict[str, tuple[str, str]] = {
    "id": ("案件标识", "Id"),
    "version": ("版本", "Version"),
    "number": ("案号", "Number"),
    "status": ("状态", "Status"),
    "outcome": ("调解结果", "Outcome"),
    "method": ("调解方式", "Method"),
    "place": ("地区", "Place"),
    "source": ("案件来源", "Source"),
    "category": ("纠纷类别", "Category"),
    "occurred_on": ("发生日期", "Occurred on"),
    "reported_on": ("登记日期", "Reported on"),
    "received_on": ("受理日期", "Received on"),
    "closed_on": ("办结日期", "Closed on"),
    "merged_into": ("并入案件", "Merged into"),
    "inspection_id": ("来自排查", "From patrol"),
    "channel": ("登记渠道", "Channel"),
    "title": ("标题", "Title"),
    "summary": ("纠纷概况", "Summary"),
    "location": ("发生地点", "Location"),
    "people_count": ("涉及人数", "People"),
    "amount_claimed": ("涉及金额（元）", "Amount claimed (yuan)"),
    "difficulty": ("难易程度", "Difficulty"),
    "risk_level": ("风险等级", "Risk level"),
    "forecast": ("走势预判", "Forecast"),
    "domestic_violence": ("涉家庭暴力", "Domestic violence"),
    "special_groups": ("特殊人群", "Special groups"),
    "organization_id": ("受理组织", "Organization"),
    "external_ids": ("外部编号", "Numbers elsewhere"),
    "registered_by": ("登记人", "Registered by"),
    "decline_reason": ("不予受理原因", "Reason of refusal"),
    "failure_reason": ("调解不成原因", "Reason of failure"),
    "remedy_notice_on": ("告知救济途径日期", "Notice of remedies on"),
    "archived_at": ("归档时间", "Archived at"),
    "parties": ("当事人", "Parties"),
}
_CODES: dict[str, type[Code]] = {
    "status": CaseStatus,
    "outcome": CaseOutcome,
    "method": Method,
    "source": Source,
    "category": DisputeCategory,
    "channel": Channel,
    "difficulty": Difficulty,
    "risk_level": RiskLevel,
    "forecast": Forecast,
    "special_groups": SpecialGroup,
    "decline_reason": DeclineReason,
    "failure_reason": FailureReason,
}
OF_FIGURES = tuple(_HEADS)[:13]
"""What the district's statistics see of a case."""
_YES = {Language.ZH: ("否", "是"), Language.EN: ("no", "yes")}


def columns(view: View, language: Language, place_names: Mapping[str, str]) -> list[Column]:
    made: list[Column] = []
    for name in OF_FIGURES if view is View.FIGURES else _HEADS:
        head = _HEADS[name][language is Language.EN]
        is_code = name in _CODES or name == "place"
        made.append(Column(_code_head(head, language) if is_code else head, _plain(name, language)))
        if name in _CODES:
            made.append(Column(head, _label(name, language)))
        elif name == "place":
            made.append(Column(head, lambda case: place_names.get(case["place"], "")))
    return made


def _code_head(head: str, language: Language) -> str:
    return f"{head}代码" if language is Language.ZH else f"{head} code"


def _plain(name: str, language: Language) -> Callable[[Case], Any]:
    return lambda case: _text(name, case[name], language)


def _text(name: str, value: Any, language: Language) -> Any:
    if isinstance(value, bool):
        return _YES[language][value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if name == "parties":
        return _joined([f"{party['name'] or ''}（{_word(PartySide, party['side'], language)}）" for party in value])
    if name == "external_ids":
        return _joined([f"{one['system']}:{one['value']}" for one in value])
    return _joined(value) if isinstance(value, list) else value


def _label(name: str, language: Language) -> Callable[[Case], str]:
    codes = _CODES[name]

    def cell(case: Case) -> str:
        value = case[name] or []
        return _joined([_word(codes, code, language) for code in (value if isinstance(value, list) else [value])])

    return cell


def _word(codes: type[Code], code: str, language: Language) -> str:
    member = member_of(codes, code)
    return member.en if language is Language.EN else member.zh


def _joined(values: Sequence[str]) -> str:
    return "、".join(values)
