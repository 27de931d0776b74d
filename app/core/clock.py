"""The one clock: instants are UTC, civil dates are Asia/Shanghai's. Services are handed it and never read the time."""

from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The instant, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """Stands still at noon of a Shanghai day: the demo writes its register day by day under it."""

    def __init__(self, day: date) -> None:
        self.day = day

    def now(self) -> datetime:
        return datetime.combine(self.day, time(12), SHANGHAI).astimezone(UTC)


def shanghai_date(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def today() -> date:
    """Today in Shanghai by the system's clock; for checking input, where no clock is handed in."""
    return shanghai_date(datetime.now(UTC))
