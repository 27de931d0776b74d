"""The terms of figures: what they count, what breaks them down, how a claimed percentage may have been rounded."""

from app.core.codes import Code


class Population(Code, table="statistics_population"):
    """Which cases an indicator looks at, and by which date they fall into the period."""

    COHORT = "cohort", "本期受理的案件", "Cases received in the period"
    FLOW = "flow", "本期办结的案件", "Cases closed in the period"
    STOCK = "stock", "期末未办结的案件", "Cases open at the end of the period"


class Dimension(Code, table="statistics_dimension"):
    MONTH = "month", "月份", "Month"
    CATEGORY = "category", "纠纷类别", "Category"
    METHOD = "method", "调解方式", "Method"
    SOURCE = "source", "案件来源", "Source"
    PLACE = "place", "地区", "Place"
    ORGANIZATION = "organization", "受理组织", "Organization"


class Part(Code, table="statistics_part"):
    NUMERATOR = "numerator", "分子", "Numerator"
    DENOMINATOR = "denominator", "分母", "Denominator"


class Rounding(Code, table="rounding"):
    HALF_UP = "half_up", "四舍五入", "Half up"
    HALF_EVEN = "half_even", "四舍六入五成双", "Half to even"
    FLOOR = "floor", "舍去", "Down"
    CEILING = "ceiling", "进位", "Up"
