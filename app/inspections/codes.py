"""The terms of patrols: on what occasion somebody went out to look for disputes, and what became of what was found."""

from app.core.codes import Code


class InspectionKind(Code, table="inspection_kind"):
    ROUTINE = "routine", "日常排查", "Routine"
    SPECIAL = "special", "专项排查", "On a special subject"
    KEY_PERIOD = "key_period", "重点时段排查", "At a key period"
    VISIT = "visit", "走访", "Visit"


class FindingState(Code, table="finding_state"):
    """A sign of a dispute is watched as a lead, prevented from becoming one (counted in 件), or becomes a case."""

    OPEN = "open", "待处理", "Open"
    LEAD = "lead", "线索（苗头）", "Lead"
    PREVENTED = "prevented", "已预防", "Prevented"
    CASE = "case", "已转案件", "Became a case"

    @property
    def is_pending(self) -> bool:
        return self in {FindingState.OPEN, FindingState.LEAD}
