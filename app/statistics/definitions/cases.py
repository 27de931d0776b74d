"""Intake, handling, outcome, duration: what is counted of cases themselves."""

from sqlalchemy import or_, true

from app.intake.codes import CaseOutcome, Difficulty
from app.statistics.codes import Population, Unit
from app.statistics.indicators import Indicator, Measure
from app.statistics.models import CountedCase as C

ALL = Measure("all", "全部", "All of them", true())
HANDLED = Measure(
    "handled",
    "已开始调解或已办结",
    "A round was started, or the case was closed",
    or_(C.mediated_on.is_not(None), C.closed_on.is_not(None)),
)
SUCCEEDED = Measure("succeeded", "调解成功", "Ended with success", C.outcome == CaseOutcome.SUCCESS)
FAILED = Measure("failed", "调解不成", "Ended without success", C.outcome == CaseOutcome.FAILED)
WITHDRAWN = Measure("withdrawn", "撤回", "Withdrawn", C.outcome == CaseOutcome.WITHDRAWN)
TRANSFERRED = Measure("transferred", "移送其他途径", "Transferred", C.outcome == CaseOutcome.TRANSFERRED)
DECIDED = Measure(
    "decided",
    "调解成功或调解不成",
    "Ended with or without success",
    C.outcome.in_([CaseOutcome.SUCCESS, CaseOutcome.FAILED]),
)
DIFFICULT = Measure(
    "difficult",
    "疑难复杂或重大",
    "Difficult or major",
    C.difficulty.in_([Difficulty.DIFFICULT, Difficulty.MAJOR]),
)
PARTIES = Measure("parties", "当事人人数", "Their parties", true(), C.party_count)
DAYS = Measure("days", "办理天数", "Days from acceptance to closure", true(), C.days)
WORKING_DAYS = Measure("working_days", "办理工作日数", "Working days to closure", true(), C.working_days)
MIDDLE_DAYS = Measure("middle_days", "办理天数中位数", "Middle number of days", true(), C.days, is_median=True)
MIDDLE_WORKING_DAYS = Measure(
    "middle_working_days", "办理工作日中位数", "Middle number of working days", true(), C.working_days, is_median=True
)

CASES = (
    Indicator(
        "received",
        "受理数",
        "Received",
        "受理日期在统计期内的案件数，不含作废、并案和未受理的案件。",
        "Cases whose date of acceptance lies in the period, without voided, merged and never accepted ones.",
        Population.COHORT,
        ALL,
    ),
    Indicator(
        "handled",
        "调处数",
        "Handled",
        "统计期内受理的案件中，已开始调解或已办结（含调解成功、不成、撤回、移送）的件数，不论何时开始或办结。",
        "Of the cases received in the period, those in which a round was started or which were closed (with or without "
        "success, withdrawn or transferred), whenever that was.",
        Population.COHORT,
        HANDLED,
    ),
    Indicator(
        "closed",
        "办结数",
        "Closed",
        "办结日期在统计期内的已受理案件数，含调解成功、不成、撤回和移送，不论何时受理。",
        "Received cases whose date of closure lies in the period: with or without success, withdrawn or transferred, "
        "whenever received.",
        Population.FLOW,
        ALL,
    ),
    Indicator(
        "succeeded",
        "调解成功数",
        "Succeeded",
        "办结日期在统计期内、结果为调解成功的已受理案件数，不论何时受理。",
        "Received cases closed in the period with success, whenever received.",
        Population.FLOW,
        SUCCEEDED,
    ),
    Indicator(
        "failed",
        "调解不成数",
        "Failed",
        "办结日期在统计期内、结果为调解不成的已受理案件数，不论何时受理。",
        "Received cases closed in the period without success, whenever received.",
        Population.FLOW,
        FAILED,
    ),
    Indicator(
        "open_at_end",
        "期末未结数",
        "Open at the end",
        "受理日期不晚于期末、且期末当日及以前没有办结的案件数；按月统计时为各月月末（最后一月为期末）的件数。",
        "Cases accepted on or before the last day of the period and not closed by the end of it; by month, at each "
        "month's end (in the last month, at the end of the period).",
        Population.STOCK,
        ALL,
    ),
    Indicator(
        "handling_rate",
        "调处率",
        "Handling rate",
        "统计期内受理的案件中，已开始调解或已办结的件数 ÷ 受理件数。",
        "Of the cases received in the period, those in which a round was started or which were closed ÷ all of them.",
        Population.COHORT,
        HANDLED,
        ALL,
        Unit.PERCENT,
    ),
    Indicator(
        "success_rate",
        "调处成功率",
        "Success rate",
        "统计期内受理的案件中，结果为调解成功的件数 ÷ 已开始调解或已办结的件数，不论何时办结。",
        "Of the cases received in the period, those that ended with success ÷ those in which a round was started or "
        "which were closed, whenever that was.",
        Population.COHORT,
        SUCCEEDED,
        HANDLED,
        Unit.PERCENT,
    ),
    Indicator(
        "carried_in",
        "上期结转数",
        "Carried in",
        "受理日期早于统计期首日、且首日以前没有办结的案件数；上期结转数＋受理数＝办结数＋期末未结数。",
        "Cases accepted before the first day of the period and not closed before it; carried in + received = closed + "
        "open at the end.",
        Population.OPENING,
        ALL,
        version=2,
    ),
    Indicator(
        "withdrawn",
        "撤回数",
        "Withdrawn",
        "办结日期在统计期内、结果为撤回的已受理案件数，不论何时受理。",
        "Received cases withdrawn in the period, whenever received.",
        Population.FLOW,
        WITHDRAWN,
        version=2,
    ),
    Indicator(
        "transferred",
        "移送数",
        "Transferred",
        "办结日期在统计期内、结果为移送其他途径的已受理案件数，不论何时受理。",
        "Received cases that ended in the period by transfer to another body, whenever received.",
        Population.FLOW,
        TRANSFERRED,
        version=2,
    ),
    Indicator(
        "success_of_received",
        "调解成功率（占受理数）",
        "Success of those received",
        "统计期内受理的案件中，结果为调解成功的件数 ÷ 受理件数，不论何时办结。",
        "Of the cases received in the period, those that ended with success ÷ all of them, whenever closed.",
        Population.COHORT,
        SUCCEEDED,
        ALL,
        Unit.PERCENT,
        2,
    ),
    Indicator(
        "success_of_closed",
        "调解成功率（占办结数）",
        "Success of those closed",
        "统计期内办结的案件中，结果为调解成功的件数 ÷ 办结件数，不论何时受理。",
        "Of the cases closed in the period, those that ended with success ÷ all of them, whenever received.",
        Population.FLOW,
        SUCCEEDED,
        ALL,
        Unit.PERCENT,
        2,
    ),
    Indicator(
        "parties",
        "涉及当事人数",
        "Parties",
        "统计期内办结的案件的当事人人数之和；同一人在两案中计两次。",
        "Parties of the cases closed in the period, added up; who is a party of two cases counts twice.",
        Population.FLOW,
        PARTIES,
        unit=Unit.PEOPLE,
        version=2,
    ),
    Indicator(
        "difficult",
        "疑难复杂案件数",
        "Difficult cases",
        "统计期内办结的案件中，难易程度为疑难复杂或重大的件数。",
        "Of the cases closed in the period, those classified as difficult or major.",
        Population.FLOW,
        DIFFICULT,
        version=2,
    ),
    Indicator(
        "average_days",
        "平均办理天数",
        "Average days",
        "统计期内办结的案件从受理到办结的天数（受理当日不计）之和 ÷ 办结件数。",
        "Days from acceptance (not counted itself) to closure of the cases closed in the period, added up ÷ their "
        "number.",
        Population.FLOW,
        DAYS,
        ALL,
        Unit.DAYS,
        2,
    ),
    Indicator(
        "median_days",
        "办理天数中位数",
        "Median days",
        "统计期内办结的案件从受理到办结的天数（受理当日不计）的中位数。",
        "The middle of the days from acceptance (not counted itself) to closure, of the cases closed in the period.",
        Population.FLOW,
        MIDDLE_DAYS,
        unit=Unit.DAYS,
        version=2,
    ),
    Indicator(
        "average_working_days",
        "平均办理工作日数",
        "Average working days",
        "统计期内办结的案件从受理到办结的工作日数（受理当日不计，按办结时的工作日历）之和 ÷ 办结件数。",
        "Working days from acceptance (not counted itself) to closure of the cases closed in the period, by the "
        "calendar known at closure, added up ÷ their number.",
        Population.FLOW,
        WORKING_DAYS,
        ALL,
        Unit.DAYS,
        2,
    ),
    Indicator(
        "median_working_days",
        "办理工作日中位数",
        "Median working days",
        "统计期内办结的案件从受理到办结的工作日数（受理当日不计，按办结时的工作日历）的中位数。",
        "The middle of the working days from acceptance (not counted itself) to closure, by the calendar known at "
        "closure, of the cases closed in the period.",
        Population.FLOW,
        MIDDLE_WORKING_DAYS,
        unit=Unit.DAYS,
        version=2,
    ),
)
