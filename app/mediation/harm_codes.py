"""The terms of what a mediation kept from happening, and of what it could not keep from happening."""

from app.core.codes import Code


class HarmKind(Code, table="harm_kind"):
    """The four prevented harms of the official table, each counted in 件 and 人; after them what did happen."""

    SUICIDE = "suicide", "防止民间纠纷引起自杀", "Suicide prevented"
    CIVIL_TO_CRIMINAL = "civil_to_criminal", "防止民间纠纷转化为刑事案件", "Criminal case prevented"
    MASS_PETITION = "mass_petition", "防止群体性上访", "Mass petition prevented"
    GROUP_FIGHT = "group_fight", "防止群体性械斗", "Group fight prevented"
    MASS_INCIDENT_FORMED = "mass_incident_formed", "已形成群体性事件", "Mass incident that happened"
    MASS_PETITION_FORMED = "mass_petition_formed", "已形成群体性上访", "Mass petition that happened"


class HarmState(Code, table="harm_state"):
    """Counted while it is approved, and never before."""

    PROPOSED = "proposed", "待批准", "Proposed"
    APPROVED = "approved", "已批准", "Approved"
    DECLINED = "declined", "不批准", "Not approved"
    WITHDRAWN = "withdrawn", "已撤销", "Withdrawn"

    @property
    def is_live(self) -> bool:
        """At most one such record of a case and kind."""
        return self in {HarmState.PROPOSED, HarmState.APPROVED}
