"""What makes a report verifiable: its content as canonical JSON, the hash over it, and its figures held against
others."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson

from app.core.answers import dump
from app.core.unit_of_work import Reading
from app.statistics.report_models import Report
from app.statistics.report_queries import counted_ids


def plain(value: Any) -> Any:
    """As it is answered: ids, dates and codes are text."""
    return orjson.loads(dump(value))


async def hash_of(reading: Reading, report: Report) -> str:
    """SHA-256, in hexadecimal, of the content as JSON in UTF-8 with sorted keys and no spaces."""
    content = {
        "place": report.place,
        "kind": report.kind,
        "from": report.first_on,
        "to": report.last_on,
        "cut_off_at": report.cut_off_at,
        "definition_version": report.definition_version,
        "definitions": report.definitions,
        "figures": report.figures,
        "adjustments": report.adjustments,
        "cases": await counted_ids(reading, report.id),
    }
    return hashlib.sha256(orjson.dumps(plain(content), option=orjson.OPT_SORT_KEYS)).hexdigest()


def compared(reported: Mapping[str, Any], now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every indicator that both know."""
    return [
        {"slug": slug, "reported": value, "now": now[slug], "change": _change(value, now[slug])}
        for slug, value in reported.items()
        if slug in now
    ]


def _change(reported: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """Of rates in percentage points; null where one of them has no value."""
    name = "percent" if "percent" in reported else "value"
    if reported[name] is None or now[name] is None:
        return None
    return str(Decimal(now[name]) - Decimal(reported[name]))
