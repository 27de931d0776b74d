"""What an indicator is, and the registry of them all: statements, answers, documents and the codebook say what is
declared with these and nothing else. The declarations stand in `definitions`.

A changed definition takes the next version of the whole registry, so that one number names the state of them all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Integer, func, literal

from app.statistics.codes import Kind, Population, Unit

DATE_BASES = {
    Population.COHORT: "from ≤ accepted_on ≤ to",
    Population.FLOW: "from ≤ closed_on ≤ to",
    Population.OPENING: "accepted_on < from ≤ closed_on | null",
    Population.STOCK: "accepted_on ≤ to < closed_on | null",
    Population.EFFECTIVE: "from ≤ effective_on ≤ to",
    Population.PERFORMANCE_DUE: "from ≤ performance_due_on ≤ to, as_of",
    Population.DECIDED: "from ≤ confirmation_decided_on ≤ to",
    Population.VISIT_DUE: "from ≤ visit_due_on ≤ to, as_of",
    Population.VISITED: "from ≤ visited_on ≤ to",
    Population.PATROLS: "from ≤ inspected_on ≤ to",
    Population.FINDINGS: "from ≤ settled_on ≤ to",
}


@dataclass(frozen=True, eq=False)
class Measure:
    """A named choice among the rows of a population: how many they are, or what a column of theirs comes to."""

    name: str
    zh: str
    en: str
    clause: ColumnElement[bool]
    of: Any = None
    """The column that is summed, or whose middle is sought."""
    is_median: bool = False

    def total(self) -> Any:
        """Over one group of a break-down; of a column, nothing is 0. Rows are counted: no index here has their ids."""
        if self.of is None:
            return func.count().filter(self.clause)
        return func.coalesce(func.sum(self.of).filter(self.clause), literal(0, Integer))


@dataclass(frozen=True, eq=False)
class Indicator:
    """A count or sum, or with a denominator a rate or mean. Its meaning is one exact sentence in each language."""

    slug: str
    zh: str
    en: str
    meaning_zh: str
    meaning_en: str
    population: Population
    numerator: Measure
    denominator: Measure | None = None
    unit: Unit = Unit.CASES
    version: int = 1

    @property
    def kind(self) -> Kind:
        if self.numerator.is_median:
            return Kind.MEDIAN
        if self.denominator is not None:
            return Kind.MEAN if self.numerator.of is not None else Kind.RATE
        return Kind.COUNT if self.numerator.of is None else Kind.SUM

    @property
    def date_basis(self) -> str:
        return DATE_BASES[self.population]

    @property
    def measures(self) -> list[Measure]:
        return [self.numerator] + ([self.denominator] if self.denominator else [])


_joined: dict[str, Indicator] = {}
REGISTRY: Mapping[str, Indicator] = MappingProxyType(_joined)
"""Every indicator by slug, in order."""


def join(indicators: Iterable[Indicator]) -> None:
    """Adds a feature's indicators to the registry: ours in `definitions`, those of features above us in `main`."""
    for indicator in indicators:
        if _joined.setdefault(indicator.slug, indicator) is not indicator:
            raise RuntimeError(f"indicator {indicator.slug} is declared twice")


def definition_version() -> int:
    return max(indicator.version for indicator in REGISTRY.values())
