"""The terms in which a printed claim is read: what a number is, how exactly it is meant, how it may have come about."""

from app.core.codes import Code


class FigureKind(Code, table="claimed_figure_kind"):
    COUNT = "count", "件数", "Number of cases"
    PERCENT = "percent", "百分比", "Percentage"


class Bound(Code, table="claim_bound"):
    """How a number is meant: 99%, 99%以上, 近99%. Only an exact one can be impossible."""

    EXACT = "exact", "确数", "Exactly"
    AT_LEAST = "at_least", "以上", "At least"
    ABOUT = "about", "约数", "About"


class ClaimOrigin(Code, table="claim_origin"):
    """Ways in which a percentage can be printed that its number of cases does not give. None of them is guessed."""

    OTHER_POPULATION = "other_population", "按另一总体计算", "Counted over another population"
    MEAN_OF_RATES = "mean_of_rates", "各部分比率的平均数", "A mean of the rates of parts"
    TARGET_COPIED = "target_copied", "把目标值抄作结果", "A target copied as a result"


class MeanOver(Code, table="claim_mean_over"):
    MONTH = "month", "各月", "Months"
    QUARTER = "quarter", "各季度", "Quarters"
    PLACE = "place", "各下级地区", "Places below"
