"""The terms of figures: what they count, what breaks them down, how a claimed percentage may have been rounded."""

from app.core.codes import Code


class Population(Code, table="statistics_population"):
    """Which cases an indicator looks at, and by which date they fall into the period."""

    COHORT = "cohort", "本期受理的案件", "Cases received in the period"
    FLOW = "flow", "本期办结的案件", "Cases closed in the period"
    OPENING = "opening", "期初未办结的案件", "Cases open at the start of the period"
    STOCK = "stock", "期末未办结的案件", "Cases open at the end of the period"
    EFFECTIVE = "effective", "协议在本期生效的案件", "Cases whose agreement took effect in the period"
    PERFORMANCE_DUE = (
        "performance_due",
        "协议在本期应履行完毕的案件",
        "Cases whose agreement was to be performed by then",
    )
    DECIDED = "decided", "本期作出司法确认裁定的案件", "Cases in which a court decided on confirmation in the period"
    VISIT_DUE = "visit_due", "本期应回访的案件", "Cases to be visited again by a day in the period"
    VISITED = "visited", "本期首次回访的案件", "Cases first visited again in the period"
    PATROLS = "patrols", "本期开展的排查", "Patrols of the period"
    FINDINGS = "findings", "本期处理的排查线索", "Findings of patrols that were settled in the period"

    @property
    def is_of_cases(self) -> bool:
        return self not in {Population.PATROLS, Population.FINDINGS}

    @property
    def is_stock(self) -> bool:
        """Counted at an instant, not over a period: a sum over months says nothing."""
        return self in {Population.OPENING, Population.STOCK}

    @property
    def is_until_today(self) -> bool:
        """What is due counts once its day has come."""
        return self in {Population.PERFORMANCE_DUE, Population.VISIT_DUE}


class Kind(Code, table="indicator_kind"):
    """What its value is made of."""

    COUNT = "count", "计数", "Count"
    SUM = "sum", "合计", "Sum"
    RATE = "rate", "比率", "Rate"
    MEAN = "mean", "平均数", "Mean"
    MEDIAN = "median", "中位数", "Median"


class Unit(Code, table="statistics_unit"):
    CASES = "cases", "件", "Cases"
    PATROLS = "patrols", "次", "Patrols"
    PEOPLE = "people", "人", "People"
    TEN_THOUSAND_YUAN = "ten_thousand_yuan", "万元", "10,000 yuan"
    DAYS = "days", "天", "Days"
    PERCENT = "percent", "%", "Percent"


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
