"""A period of civil dates, both ends included, and its calendar months. Days are Shanghai's."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    first: date
    last: date

    @classmethod
    def of_months(cls, first: date, last: date) -> "Period":
        """From the month of one day to the month of another, whole."""
        return cls(first.replace(day=1), last.replace(day=calendar.monthrange(last.year, last.month)[1]))

    @property
    def is_of_months(self) -> bool:
        """Whether it begins and ends with a month."""
        return self.first.day == 1 and self.last.day == calendar.monthrange(self.last.year, self.last.month)[1]

    def months(self) -> dict[str, "Period"]:
        """The months it touches, by name (`2020-03`), each cut to what lies within it."""
        months: dict[str, Period] = {}
        year, month = self.first.year, self.first.month
        while (year, month) <= (self.last.year, self.last.month):
            end = date(year, month, calendar.monthrange(year, month)[1])
            months[month_name(year, month)] = Period(max(self.first, date(year, month, 1)), min(self.last, end))
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return months


def month_name(year: int, month: int) -> str:
    return f"{year:04}-{month:02}"


def year_before(period: Period) -> Period:
    """同比. Whole months stay whole, so a February ends on its last day; else 29 February stands for the 28th."""
    if _months(period):
        return Period(_back(period.first, 12), _back(_after(period), 12) - timedelta(days=1))
    return Period(_back(period.first, 12), _back(period.last, 12))


def period_before(period: Period) -> Period:
    """环比. Before whole months (also from the 21st to the 20th) as many months; before other periods as many days."""
    if months := _months(period):
        return Period(_back(period.first, months), period.first - timedelta(days=1))
    return Period(period.first - (_after(period) - period.first), period.first - timedelta(days=1))


def _after(period: Period) -> date:
    return period.last + timedelta(days=1)


def _months(period: Period) -> int:
    """How many months it is; 0 if not whole ones."""
    after = _after(period)
    if after.day != period.first.day:
        return 0
    return (after.year - period.first.year) * 12 + after.month - period.first.month


def _back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
