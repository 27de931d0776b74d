"""What is answered to why a case counts."""

from datetime import date, datetime
from uuid import UUID

from typing_extensions import TypedDict


class Condition(TypedDict):
    name: str
    """`counted`, `place`, `period`, `numerator`, `denominator`."""
    holds: bool
    zh: str
    en: str


Why = TypedDict(
    "Why",
    {
        "indicator": str,
        "case_id": UUID,
        "place": str,
        "from": date,
        "to": date,
        "as_of": datetime | None,
        "counts": bool,
        "conditions": list[Condition],
    },
)
