"""What is answered of two periods side by side."""

from datetime import date, datetime
from typing import NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from app.intake.codes import DisputeCategory, Source
from app.intake.method_codes import Method
from app.statistics.answers import Value
from app.statistics.comparison_codes import ComparedWith


class Compared(TypedDict):
    now: Value | None
    then: Value | None
    difference: NotRequired[str | None]
    change_percent: NotRequired[str | None]
    percentage_points: NotRequired[str | None]


class ComparedRow(TypedDict):
    month: NotRequired[str]
    category: NotRequired[DisputeCategory]
    method: NotRequired[Method | None]
    source: NotRequired[Source]
    place: NotRequired[str]
    organization: NotRequired[UUID | None]
    values: dict[str, Compared]


Then = TypedDict("Then", {"from": date, "to": date})
Comparison = TypedDict(
    "Comparison",
    {
        "definition_version": int,
        "place": str,
        "from": date,
        "to": date,
        "with": ComparedWith,
        "then": Then,
        "as_of": datetime | None,
        "computed_at": datetime,
        "rows": list[ComparedRow],
    },
)
