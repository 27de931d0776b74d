"""The log: one JSON object a line, from an allow-list of fields. No query strings, no bodies, no names of people."""

import logging
import sys
import traceback
from typing import Any

import orjson
import structlog

FIELDS = frozenset(
    {
        "event", "level", "timestamp", "request_id", "method", "route", "status", "milliseconds", "account", "action",
        "kind", "sqlstate", "frames", "version", "engine", "address", "place", "count",
    }
)  # fmt: skip

log = structlog.get_logger()


def configure_logs(level: str) -> None:
    logging.getLogger("aiosqlite").setLevel(logging.WARNING)  # below that it logs the parameters of every statement
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allow_listed,
            structlog.processors.JSONRenderer(_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _json(entry: Any, **_: Any) -> str:
    return orjson.dumps(entry, default=str).decode()


def _allow_listed(_: Any, __: str, entry: Any) -> Any:
    return {name: value for name, value in entry.items() if name in FIELDS}


def frames(error: BaseException) -> list[str]:
    """Where it went wrong, without the message: messages quote values."""
    return [
        f"{frame.filename.rsplit('/', 3)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)
    ]
