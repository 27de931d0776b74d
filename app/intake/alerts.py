"""What others must hear of a case at once, as an event: ids and codes, no names."""

from app.core.unit_of_work import Work
from app.intake.models import Case


def alert_violence(work: Work, case: Case) -> None:
    """Who mediates prevents domestic violence (反家庭暴力法第十条): whoever follows the case is warned."""
    work.event("case.alert", "case", case, alert="domestic_violence", version=case.version)
