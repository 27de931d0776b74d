"""What can be refused about time limits and the calendar."""

from app.core.problems import Problem


class CalendarDayTaken(Problem):
    status, code = 409, "calendar-day-taken"
    zh = "这一天已有登记。如须更正，请修改该条记录。"
    en = "This day is already entered. Change that record if it is wrong."


class RuleEndsBeforeItBegins(Problem):
    status, code = 409, "rule-ends-before-it-begins"
    zh = "规则的停用日期早于启用日期。请核对 effective_to。"
    en = "The last day of the rule lies before its first. Check effective_to."
