"""Harm that mediation prevented, each kind in cases and in people: judged with its basis, approved by another."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import true

from app.statistics.codes import Population, Unit
from app.statistics.indicators import Indicator, Measure
from app.statistics.models import CountedCase as C

_KINDS: tuple[tuple[str, Any, str, str, str], ...] = (
    ("suicide", C.suicide_people, "suicides", "防止民间纠纷引起自杀", "Suicides prevented"),
    ("crime", C.crime_people, "crimes", "防止民间纠纷转化为刑事案件", "Criminal cases prevented"),
    ("petition", C.petition_people, "petitions", "防止群体性上访", "Mass petitions prevented"),
    ("fight", C.fight_people, "fights", "防止群体性械斗", "Mass fights prevented"),
)


def _indicators() -> Iterator[Indicator]:
    for kind, people, plural, zh, en in _KINDS:
        yield Indicator(
            f"{plural}_prevented",
            zh,
            en,
            f"统计期内办结的案件中，经他人审核认定“{zh}”的件数。",
            f"Of the cases closed in the period, those in which this was judged and approved by another person: "
            f"{en.lower()}.",
            Population.FLOW,
            Measure(f"{kind}_prevented", f"认定{zh}", f"Approved: {en.lower()}", people.is_not(None)),
            version=2,
        )
        yield Indicator(
            f"people_in_{plural}_prevented",
            f"{zh}人数",
            f"{en}: people",
            f"统计期内办结的案件中，经他人审核认定“{zh}”所涉人数之和。",
            f"People concerned in the cases closed in the period in which this was judged and approved by another "
            f"person: {en.lower()}; added up.",
            Population.FLOW,
            Measure(f"{kind}_people", f"认定{zh}的人数", f"People: {en.lower()}", true(), people),
            unit=Unit.PEOPLE,
            version=2,
        )


HARMS = tuple(_indicators())
