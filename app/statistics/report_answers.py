"""Frozen reports as they are answered."""

from datetime import date, datetime
from typing import Any, NotRequired
from uuid import UUID

from typing_extensions import TypedDict

from app.core.paging import PageOf
from app.intake.codes import DisputeCategory, Source
from app.intake.method_codes import Method
from app.statistics.answers import IndicatorOut
from app.statistics.codes import Dimension
from app.statistics.report_codes import Cause, Presence, ReportKind, ReportState


class FrozenValue(TypedDict):
    """As in `GET /statistics`, without the link."""

    value: int | str | None
    numerator: NotRequired[int]
    denominator: NotRequired[int]
    percent: NotRequired[str | None]


Frozen = dict[str, FrozenValue]


class FrozenRow(TypedDict):
    month: NotRequired[str]
    category: NotRequired[DisputeCategory]
    method: NotRequired[Method | None]
    source: NotRequired[Source]
    values: Frozen


class FrozenFigures(TypedDict):
    total: Frozen
    category: list[FrozenRow]
    source: list[FrozenRow]
    method: list[FrozenRow]
    month: list[FrozenRow]


class Check(TypedDict):
    """`left` and `right` are equal, or the left is at most the right."""

    name: str
    relation: str
    left: str
    right: str
    holds: bool


class Moved(TypedDict):
    """An indicator as reported and as it is known now; of rates `change` is in percentage points."""

    slug: str
    reported: FrozenValue
    now: FrozenValue
    change: str | None


Days = TypedDict("Days", {"from": date, "to": date})


class Adjustment(Days):
    """What has changed in an earlier period since its report was locked."""

    report_id: UUID
    edition: int
    indicators: list[Moved]


class ReportItem(Days):
    id: UUID
    version: int
    place: str
    kind: ReportKind
    cut_off_at: datetime
    edition: int
    state: ReportState
    supersedes_id: UUID | None
    superseded_by: UUID | None
    superseded_at: datetime | None
    made_because: str | None
    remark: str | None
    definition_version: int
    program_version: str
    case_count: int
    content_hash: str
    made_by: UUID | None
    recorded_at: datetime
    changed_at: datetime
    checked_by: UUID | None
    checked_at: datetime | None
    confirmed_by: UUID | None
    confirmed_at: datetime | None
    locked_by: UUID | None
    locked_at: datetime | None
    discarded_by: UUID | None
    discarded_at: datetime | None
    discarded_because: str | None


class ReportOut(ReportItem):
    definitions: list[IndicatorOut]
    figures: FrozenFigures
    adjustments: list[Adjustment]
    checks: list[Check]


class ReportList(PageOf):
    items: list[ReportItem]


class ReportedCaseOut(TypedDict):
    case_id: UUID
    counted_id: UUID


class ReportedCases(PageOf):
    items: list[ReportedCaseOut]


FactChanged = TypedDict("FactChanged", {"name": str, "from": Any, "to": Any})


class CaseDifference(TypedDict):
    case_id: UUID
    number: str | None
    """Null where the case lies outside the caller's jurisdiction now."""
    presence: Presence
    cause: Cause
    indicators: list[str]
    """Whose value over the whole period it changes."""
    by: list[Dimension]
    """The break-downs in which it has gone to another row."""
    facts: list[FactChanged]
    recorded_at: datetime | None
    """When what is known now was recorded."""
    action: str | None
    """The operation that recorded it, by its id in the OpenAPI document; null where it is not seen."""


class Difference(PageOf, Days):
    report_id: UUID
    place: str
    cut_off_at: datetime
    definition_version: int
    """Of what is counted now; the report names its own."""
    hash_holds: bool
    indicators: list[Moved]
    items: list[CaseDifference]


class CorrectionNote(TypedDict):
    zh: str
    en: str
