"""A period of civil dates, both ends included, and its calendar months. Days are Shanghai's."""

import calendar
from dataclasses import dataclass
from datetime import date


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
