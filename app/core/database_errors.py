"""What an error of the database means to a caller: try again, somebody was first, or not now. Never the driver's words,
which quote values."""

from sqlalchemy import exc

from app.core.logs import log
from app.core.problems import ChangedMeanwhile, InvalidInput, OutcomeUnknown, Problem, Unavailable

RETRYABLE = {"40001", "40P01"}  # serialization_failure, deadlock_detected
ENDED = {"57P01", "57P02"}  # admin_shutdown, crash_shutdown
LOCK_TIMEOUT = "55P03"
REQUEST_KEY = "uq_idempotency_records_request"
"""The constraint that a twin of a request runs into."""


def sqlstate(error: BaseException) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def is_retryable(error: BaseException) -> bool:
    """Two transactions got in each other's way, or two requests under one key, and this one was rolled back whole."""
    return sqlstate(error) in RETRYABLE or _constraint(error) == REQUEST_KEY


def _constraint(error: BaseException) -> str | None:
    """As PostgreSQL names it; SQLAlchemy keeps the driver's error as the cause of its own."""
    cause = getattr(getattr(error, "orig", None), "__cause__", None)
    name: str | None = getattr(cause, "constraint_name", None)
    return name


def is_lost(error: BaseException) -> bool:
    """The connection ended: a pooled one may have been dead for long, and its first statement is the first to know."""
    state = sqlstate(error) or ""
    return bool(getattr(error, "connection_invalidated", False)) or state in ENDED or state.startswith("08")


def is_lock_timeout(error: BaseException) -> bool:
    return sqlstate(error) == LOCK_TIMEOUT


def meaning(error: BaseException, action: str, *, is_committing: bool = False) -> BaseException:
    """The problem to answer with; the error itself where it is a fault of ours."""
    state = sqlstate(error)
    log.warning("database_error", kind=type(error).__name__, sqlstate=state, action=action)
    if is_committing and (is_lost(error) or isinstance(error, OSError | TimeoutError)):
        return OutcomeUnknown(headers={"Retry-After": "2"})
    return _of_kind(error) or error


def _of_kind(error: BaseException) -> Problem | None:
    if isinstance(error, exc.IntegrityError):
        return ChangedMeanwhile()
    if isinstance(error, exc.DataError):
        return InvalidInput()
    if isinstance(error, exc.ProgrammingError):
        return None
    if isinstance(error, exc.DBAPIError | exc.TimeoutError | OSError | TimeoutError):
        return Unavailable(headers={"Retry-After": "2"})
    return None
