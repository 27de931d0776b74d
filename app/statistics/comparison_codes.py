"""With what a period is compared."""

from app.core.codes import Code
from app.statistics.periods import Period, period_before, year_before


class ComparedWith(Code, table="compared_with"):
    PREVIOUS_YEAR = "previous_year", "同比", "Year on year"
    PREVIOUS_PERIOD = "previous_period", "环比", "Period on period"

    def of(self, period: Period) -> Period:
        return year_before(period) if self is ComparedWith.PREVIOUS_YEAR else period_before(period)
