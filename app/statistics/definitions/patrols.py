"""Patrols and what they prevented."""

from sqlalchemy import true

from app.inspections.codes import FindingState
from app.inspections.models import Finding, Inspection
from app.statistics.codes import Population, Unit
from app.statistics.indicators import Indicator, Measure

HELD = Measure("held", "全部", "All of them", true())
NOTHING_FOUND = Measure("nothing_found", "零报告", "Nothing was found", Inspection.nothing_found.is_(True))
PREVENTED = Measure("prevented", "已预防", "Prevented", Finding.state == FindingState.PREVENTED)

PATROLS = (
    Indicator(
        "patrols",
        "排查纠纷次数",
        "Patrols",
        "排查日期在统计期内的排查次数，含零报告。",
        "Patrols held in the period, those that found nothing included.",
        Population.PATROLS,
        HELD,
        unit=Unit.PATROLS,
        version=2,
    ),
    Indicator(
        "zero_reports",
        "零报告次数",
        "Zero reports",
        "排查日期在统计期内、没有发现纠纷的排查次数。",
        "Patrols held in the period that found nothing.",
        Population.PATROLS,
        NOTHING_FOUND,
        unit=Unit.PATROLS,
        version=2,
    ),
    Indicator(
        "prevented",
        "预防纠纷数",
        "Disputes prevented",
        "排查发现的线索中，在统计期内以预防成功了结的件数。",
        "Findings of patrols that were settled in the period as prevented.",
        Population.FINDINGS,
        PREVENTED,
        version=2,
    ),
)
