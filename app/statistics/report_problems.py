"""What is refused of frozen reports."""

from app.core.problems import Problem


class ReportStands(Problem):
    status, code = 409, "report-stands"
    zh = "该地区、类别和统计期已有报表，不能另行编制。已锁定的，请在原报表上编制新版；未锁定的，请先弃用。"
    en = (
        "There is a report of this place, kind and period. If it is locked, make its next version;"
        " if not, discard it first."
    )


class ReportStepNotAllowed(Problem):
    status, code = 409, "report-step-not-allowed"
    zh = "报表现为“{state_name}”，须为“{allowed}”时才能“{step_name}”。请重新读取报表。"
    en = "The report is {state_name}; this step is taken while it is {allowed}: {step_name}. Read it again."


class ReportDoesNotAddUp(Problem):
    status, code = 409, "report-does-not-add-up"
    zh = "报表有勾稽关系不成立，见 failing。请查明原因，弃用本报表后重新编制。"
    en = "Some of the figures do not add up, see failing. Find out why, discard the report and make another."


class ReportAltered(Problem):
    status, code = 409, "report-altered"
    zh = "报表内容与编制时的校验值不符，可能被改动过。请弃用后重新编制，并请管理员查明原因。"
    en = (
        "The report is not what its hash was made of: something has altered it."
        " Discard it, make another, and have your administrator find out why."
    )


class OwnReport(Problem):
    status, code = 409, "own-report"
    zh = "报表应由编制人以外的负责人确认，本所还有其他负责人。请由其确认。"
    en = "A report is confirmed by another head than its maker, and the office has another. Have them confirm it."


class PeriodNotBegun(Problem):
    status, code = 422, "period-not-begun"
    zh = "截至该时点，统计期尚未开始。请核对 from 和 cut_off_at。"
    en = "At that instant the period had not begun. Check from and cut_off_at."
