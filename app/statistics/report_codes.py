"""The terms of frozen reports: their kinds, their course, and why figures differ from what was reported."""

from app.core.codes import Code


class ReportKind(Code, table="report_kind"):
    """Which period it is of. Where a month or year begins is the office's calendar: from the 26th, from November."""

    MONTHLY = "monthly", "月报", "Monthly"
    QUARTERLY = "quarterly", "季报", "Quarterly"
    HALF_YEARLY = "half_yearly", "半年报", "Half-yearly"
    YEARLY = "yearly", "年报", "Yearly"
    OTHER = "other", "其他", "Other"

    def fits(self, days: int) -> bool:
        least, most = _DAYS[self]
        return least <= days <= most


_DAYS = {
    ReportKind.MONTHLY: (28, 31),
    ReportKind.QUARTERLY: (89, 92),
    ReportKind.HALF_YEARLY: (181, 184),
    ReportKind.YEARLY: (365, 366),
    ReportKind.OTHER: (1, 100_000),
}


class ReportState(Code, table="report_state"):
    DRAFT = "draft", "草稿", "Draft"
    CHECKED = "checked", "已核对", "Checked"
    CONFIRMED = "confirmed", "已确认", "Confirmed"
    LOCKED = "locked", "已锁定", "Locked"
    SUPERSEDED = "superseded", "已被新版取代", "Superseded"
    DISCARDED = "discarded", "已弃用", "Discarded"


class ReportStep(Code, table="report_step"):
    CHECK = "check", "核对", "Check"
    CONFIRMATION = "confirmation", "确认", "Confirmation"
    LOCKING = "locking", "锁定", "Locking"
    SUPERSESSION = "supersession", "编制新版", "Supersession"
    DISCARDING = "discarding", "弃用", "Discarding"

    @property
    def allowed_in(self) -> tuple[ReportState, ...]:
        return _ALLOWED_IN[self]


_ALLOWED_IN = {
    ReportStep.CHECK: (ReportState.DRAFT,),
    ReportStep.CONFIRMATION: (ReportState.CHECKED,),
    ReportStep.LOCKING: (ReportState.CONFIRMED,),
    ReportStep.SUPERSESSION: (ReportState.LOCKED,),
    ReportStep.DISCARDING: (ReportState.DRAFT, ReportState.CHECKED, ReportState.CONFIRMED),
}


class Presence(Code, table="report_presence"):
    """Of a case that counts otherwise now: whether the report counted it, and whether its period would now."""

    ADDED = "added", "新增", "Added"
    REMOVED = "removed", "减少", "Removed"
    CHANGED = "changed", "变动", "Changed"


class Cause(Code, table="report_cause"):
    """Why a case counts otherwise than it was reported."""

    LATE = "late", "补录", "Late entry"
    VOIDED = "voided", "作废", "Voided"
    MERGED = "merged", "并案", "Merged"
    SEPARATED = "separated", "撤销并案", "Merge undone"
    MOVED = "moved", "变更纠纷发生地", "Moved to another place"
    REOPENED = "reopened", "重新启动", "Reopened"
    RECLASSIFIED = "reclassified", "更正登记内容", "Entry corrected"
    REDATED = "redated", "更正日期", "Dates corrected"
    CONTINUED = "continued", "后续办理", "Handled further"
