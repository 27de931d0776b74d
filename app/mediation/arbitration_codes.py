"""Which dispute goes before which arbitration body, which law keeps others away, and how long a claim stands."""

from app.calendar.codes import DeadlineCode
from app.core.codes import Code
from app.intake.codes import DisputeCategory as Category


class ArbitrationKind(Code, table="arbitration_kind"):
    LABOR = "labor", "劳动人事争议仲裁", "Labour and personnel arbitration"
    RURAL_LAND = "rural_land", "农村土地承包仲裁", "Rural land contract arbitration"
    COMMERCIAL = "commercial", "商事仲裁", "Commercial arbitration"

    @property
    def limitation(self) -> DeadlineCode:
        return _LIMITATIONS[self]

    @property
    def scope(self) -> tuple[str, str]:
        """The article that says what it takes on."""
        return _SCOPES[self]

    def takes(self, category: Category) -> bool:
        return category in _TAKEN[self]

    def why_excluded(self, category: Category) -> "ArbitrationExclusion | None":
        """Where the category alone shows that a law keeps the dispute away."""
        return _EXCLUDED[self].get(category)


_LIMITATIONS = {
    ArbitrationKind.LABOR: DeadlineCode.LIMITATION_LABOR,
    ArbitrationKind.RURAL_LAND: DeadlineCode.LIMITATION_RURAL_LAND,
    ArbitrationKind.COMMERCIAL: DeadlineCode.LIMITATION_COMMERCIAL,
}
_SCOPES = {
    ArbitrationKind.LABOR: (
        "《劳动争议调解仲裁法》第二条",
        "Labour Dispute Mediation and Arbitration Law, art. 2",
    ),
    ArbitrationKind.RURAL_LAND: (
        "《农村土地承包经营纠纷调解仲裁法》第二条第二款",
        "Law on Mediation and Arbitration of Rural Land Contract Disputes, art. 2(2)",
    ),
    ArbitrationKind.COMMERCIAL: (
        "《仲裁法》关于平等主体间合同和其他财产权益纠纷的规定",
        "Arbitration Law, on contracts and other property interests between equals",
    ),
}


class ArbitrationExclusion(Code, table="arbitration_exclusion"):
    """What no arbitration body takes on, whatever the parties agree."""

    COLLECTIVE_CONTRACT = "collective_contract", "因签订集体合同发生的争议", "Concluding a collective contract"
    SOCIAL_INSURANCE = "social_insurance", "社会保险费征缴", "Collection of social-insurance premiums"
    EXPROPRIATION = "expropriation", "因征收集体所有的土地及其补偿发生的纠纷", "Expropriation of land and its price"
    LAND_TITLE = "land_title", "土地、林木、林地的所有权和使用权争议", "Title to land and forest"
    FAMILY = "family", "婚姻、收养、监护、扶养、继承纠纷", "Marriage, adoption, guardianship, support, inheritance"
    ADMINISTRATIVE = "administrative", "依法应当由行政机关处理的行政争议", "Disputes for an administrative body"

    @property
    def article(self) -> tuple[str, str]:
        return _EXCLUSIONS[self][0]

    @property
    def instead(self) -> tuple[str, str]:
        return _EXCLUSIONS[self][1]


_DISPUTES_OF_AUTHORITY = "申请行政复议或者提起诉讼", "apply for administrative reconsideration or sue"
_EXCLUSIONS: dict[ArbitrationExclusion, tuple[tuple[str, str], tuple[str, str]]] = {
    ArbitrationExclusion.COLLECTIVE_CONTRACT: (
        ("《劳动法》第八十四条", "Labour Law, art. 84"),
        ("由劳动行政部门组织协调处理", "the labour authority brings both sides together"),
    ),
    ArbitrationExclusion.SOCIAL_INSURANCE: (
        ("《社会保险法》第六十三条", "Social Insurance Law, art. 63"),
        ("由社会保险费征收机构处理", "the collecting body deals with it"),
    ),
    ArbitrationExclusion.EXPROPRIATION: (
        (
            "《农村土地承包经营纠纷调解仲裁法》第二条第三款",
            "Law on Mediation and Arbitration of Rural Land Contract Disputes, art. 2(3)",
        ),
        _DISPUTES_OF_AUTHORITY,
    ),
    ArbitrationExclusion.LAND_TITLE: (
        (
            "《土地管理法》第十四条、《森林法》第二十二条",
            "Land Administration Law, art. 14; Forest Law, art. 22",
        ),
        ("由人民政府处理，不服处理决定的可以起诉", "the government decides, and its decision can be sued over"),
    ),
    ArbitrationExclusion.FAMILY: (
        ("《仲裁法》第三条", "Arbitration Law, art. 3"),
        ("由人民调解委员会调解或者向人民法院起诉", "let the committee mediate, or sue"),
    ),
    ArbitrationExclusion.ADMINISTRATIVE: (
        ("《仲裁法》第三条", "Arbitration Law, art. 3"),
        _DISPUTES_OF_AUTHORITY,
    ),
}
_FAMILY = dict.fromkeys(Category.MARRIAGE_FAMILY.with_children(), ArbitrationExclusion.FAMILY)
_EXCLUDED: dict[ArbitrationKind, dict[Category, ArbitrationExclusion]] = {
    ArbitrationKind.LABOR: {},
    ArbitrationKind.RURAL_LAND: {Category.EXPROPRIATION_DEMOLITION: ArbitrationExclusion.EXPROPRIATION},
    ArbitrationKind.COMMERCIAL: _FAMILY | {Category.EXPROPRIATION_DEMOLITION: ArbitrationExclusion.ADMINISTRATIVE},
}
_LABOR = frozenset(Category.LABOR.with_children())
_LAND = frozenset({Category.FOREST_LAND, Category.CONTRACT})
_OF_OTHERS = _LABOR | set(_EXCLUDED[ArbitrationKind.COMMERCIAL]) | set(Category.FOREST_LAND.with_children())
_TAKEN: dict[ArbitrationKind, frozenset[Category]] = {
    ArbitrationKind.LABOR: _LABOR,
    ArbitrationKind.RURAL_LAND: _LAND,
    ArbitrationKind.COMMERCIAL: frozenset(Category) - _OF_OTHERS - {Category.VILLAGE_AFFAIRS},
}
"""Which dispute goes before which body: labour and farm contracts have laws of their own, apart from 仲裁法."""
