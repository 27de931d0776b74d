"""The columns of the official case table: heads from section to leaf, and which figures stand under them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from app.intake.codes import DisputeCategory, Source
from app.people.codes import CommitteeType
from app.statistics.codes import Dimension, Population, Unit
from app.statistics.indicators import REGISTRY, Indicator

Counted = Counter[tuple[Dimension | None, Any, tuple[Population, str]]]
"""What one row of the table counts: by dimension and member (none for the row as a whole) and by measure."""


class Head(NamedTuple):
    zh: str
    en: str


@dataclass(frozen=True)
class Column:
    key: str
    heads: tuple[Head, ...]
    """From section to leaf."""
    indicators: tuple[str, ...]
    """Whose values are added up."""
    dimension: Dimension | None = None
    codes: frozenset[str | None] = frozenset({None})

    @property
    def unit(self) -> Unit:
        return REGISTRY[self.indicators[0]].unit

    def value(self, counted: Counted) -> Any:
        measures = [measure_of(REGISTRY[slug]) for slug in self.indicators]
        return sum(counted[self.dimension, code, measure] for code in self.codes for measure in measures)


def measure_of(indicator: Indicator) -> tuple[Population, str]:
    return indicator.population, indicator.numerator.name


MEDIATION, PREVENTION = Head("调解情况", "Mediation"), Head("排查预防", "Patrols and prevention")
_SUBJECT = Head("不同主体调解", "By committee")
_SOURCE = Head("案件来源", "By source")
_CATEGORY = Head("案件分类", "By category")
_FORM = Head("协议形式", "By form of agreement")

SUBJECTS = {
    CommitteeType.VILLAGE: Head("村", "Village"),
    CommitteeType.RESIDENTS: Head("居", "Residents"),
    CommitteeType.TOWNSHIP: Head("乡镇", "Township"),
    CommitteeType.SUBDISTRICT: Head("街道", "Subdistrict"),
    CommitteeType.ENTERPRISE: Head("企事业", "Enterprise or institution"),
    CommitteeType.SOCIAL_ORG: Head("社会团体和其他", "Social organization or other"),
}
REFERRERS = {
    Source.REFERRAL_COURT: "法院",
    Source.REFERRAL_PROCURATORATE: "检察院",
    Source.REFERRAL_POLICE: "公安",
    Source.REFERRAL_PETITION: "信访",
    Source.REFERRAL_OTHER: "其他",
}
CATEGORIES = [category for category in DisputeCategory if category.official_no and category.parent is None]
"""Those of the official list; all others count under their parent."""


def subject_of(committee: CommitteeType | None) -> CommitteeType:
    """The form has six kinds; whatever is none of the first five stands under the last, which says "and other"."""
    return committee if committee in SUBJECTS else CommitteeType.SOCIAL_ORG


def _whole(section: Head, key: str, zh: str, en: str, *indicators: str) -> Column:
    return Column(key, (section, Head(zh, en)), indicators)


def _broken_down(group: Head, dimension: Dimension, key: str, head: Head, codes: Iterable[str]) -> Column:
    return Column(f"{dimension}_{key}", (MEDIATION, group, head), ("closed",), dimension, frozenset(codes))


def _subjects() -> Iterator[Column]:
    for subject, head in SUBJECTS.items():
        yield _broken_down(_SUBJECT, Dimension.ORGANIZATION, subject, head, [subject])


def _sources() -> Iterator[Column]:
    for source, zh in {
        Source.PROACTIVE: "主动",
        Source.APPLICATION: "依申请",
        Source.REFERRAL: "接受委托移送",
        **{source: f"其中：{zh}" for source, zh in REFERRERS.items()},
    }.items():
        yield _broken_down(_SOURCE, Dimension.SOURCE, source, Head(zh, source.en), source.with_children())


def _categories() -> Iterator[Column]:
    for parent in CATEGORIES:
        official = [child for child in DisputeCategory if child.parent == parent and child.official_no]
        for category in [parent, *official]:
            head = Head(category.zh if category is parent else f"其中：{category.zh}", category.en)
            yield _broken_down(_CATEGORY, Dimension.CATEGORY, category, head, category.with_children())


def _harms() -> Iterator[Column]:
    for plural in ("suicides", "crimes", "petitions", "fights"):
        slug = f"{plural}_prevented"
        group = Head(REGISTRY[slug].zh, REGISTRY[slug].en)
        yield Column(slug, (PREVENTION, group, Head("件数", "Cases")), (slug,))
        people = f"people_in_{slug}"
        yield Column(people, (PREVENTION, group, Head("人数", "People")), (people,))


def columns() -> list[Column]:
    """In the order of the form. An agreement is oral or written there: what was settled on the spot was not written."""
    return [
        _whole(MEDIATION, "cases", "调解案件总数", "Cases", "closed"),
        _whole(MEDIATION, "parties", "涉及当事人数", "Parties", "parties"),
        _whole(MEDIATION, "succeeded", "调解成功", "With success", "succeeded"),
        _whole(MEDIATION, "difficult", "疑难复杂案件", "Difficult cases", "difficult"),
        _whole(MEDIATION, "amount", "协议涉及金额", "Amount of agreements", "agreement_amount"),
        *_subjects(),
        *_sources(),
        *_categories(),
        Column("oral", (MEDIATION, _FORM, Head("口头", "Oral")), ("oral_agreements", "settled_on_the_spot")),
        Column("written", (MEDIATION, _FORM, Head("书面", "Written")), ("written_agreements",)),
        _whole(PREVENTION, "patrols", "排查纠纷", "Patrols", "patrols"),
        _whole(PREVENTION, "prevented", "预防纠纷", "Disputes prevented", "prevented"),
        *_harms(),
    ]
