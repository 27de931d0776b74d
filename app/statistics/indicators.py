"""The indicators, declared once: statements, answers, documents and the codebook say what stands here and nothing else.

A changed definition takes the next version of the whole registry, so that one number names the state of them all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import ColumnElement, and_, or_, true

from app.intake.codes import CaseOutcome, CaseStatus
from app.intake.models import Case
from app.statistics.codes import Population

COUNTED: ColumnElement[bool] = and_(
    Case.accepted_on.is_not(None), Case.status.not_in([CaseStatus.MERGED, CaseStatus.VOIDED])
)
"""Merged, voided and never accepted cases are in no figure."""


@dataclass(frozen=True, eq=False)
class Condition:
    """A named choice among the cases of a population."""

    name: str
    zh: str
    en: str
    clause: ColumnElement[bool]


@dataclass(frozen=True, eq=False)
class Indicator:
    """A count, or with a denominator a rate. Its meaning is one exact sentence in each language."""

    slug: str
    zh: str
    en: str
    meaning_zh: str
    meaning_en: str
    population: Population
    numerator: Condition
    denominator: Condition | None = None
    version: int = 1

    @property
    def unit(self) -> str:
        return "%" if self.denominator else "件"

    @property
    def date_basis(self) -> str:
        return DATE_BASES[self.population]

    @property
    def conditions(self) -> list[Condition]:
        return [self.numerator] + ([self.denominator] if self.denominator else [])


DATE_BASES = {
    Population.COHORT: "from ≤ accepted_on ≤ to",
    Population.FLOW: "from ≤ closed_on ≤ to",
    Population.STOCK: "accepted_on ≤ to < closed_on | null",
}

ALL = Condition("all", "全部", "All of them", true())
HANDLED = Condition(
    "handled",
    "已开始调解或已办结",
    "A round was started, or the case was closed",
    or_(Case.mediated_on.is_not(None), Case.closed_on.is_not(None)),
)
SUCCEEDED = Condition("succeeded", "调解成功", "Ended with success", Case.outcome == CaseOutcome.SUCCESS)
FAILED = Condition("failed", "调解不成", "Ended without success", Case.outcome == CaseOutcome.FAILED)
DECIDED = Condition(
    "decided",
    "调解成功或调解不成",
    "Ended with or without success",
    Case.outcome.in_([CaseOutcome.SUCCESS, CaseOutcome.FAILED]),
)
AGREED = Condition(
    "agreed",
    "调解成功或调解不成，且达成了协议",
    "Ended with or without success, and an agreement was reached",
    and_(DECIDED.clause, Case.agreement_form.is_not(None)),
)

INDICATORS = (
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
    ),
    Indicator(
        "agreement_rate",
        "协议达成率",
        "Agreement rate",
        "统计期内以调解成功或不成办结的案件中，达成协议（口头、书面或当场和解）的件数 ÷ 其总数。",
        "Of the cases closed in the period with or without success, those in which an agreement was reached (oral, "
        "written or on the spot) ÷ all of them.",
        Population.FLOW,
        AGREED,
        DECIDED,
    ),
)

_joined: dict[str, Indicator] = {}
REGISTRY: Mapping[str, Indicator] = MappingProxyType(_joined)
"""Every indicator by slug, in order."""


def join(indicators: Iterable[Indicator]) -> None:
    """Adds a feature's indicators to the registry: ours here, those of features above us in `main`."""
    for indicator in indicators:
        if _joined.setdefault(indicator.slug, indicator) is not indicator:
            raise RuntimeError(f"indicator {indicator.slug} is declared twice")


def definition_version() -> int:
    return max(indicator.version for indicator in REGISTRY.values())


join(INDICATORS)
