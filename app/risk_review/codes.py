"""The terms of the risk review: kinds of meeting and the state of what a meeting decided."""

from app.core.codes import Code


class MeetingKind(Code, table="meeting_kind"):
    MONTHLY = "monthly", "每月研判会", "Monthly review"
    AD_HOC = "ad_hoc", "临时研判会", "Ad hoc review"
    JOINT = "joint", "联席研判会", "Joint review"


class ActionStatus(Code, table="action_status"):
    OPEN = "open", "办理中", "Open"
    COMPLETED = "completed", "已办结待核验", "Completed, to be verified"
    VERIFIED = "verified", "已核验销号", "Verified and closed out"
