"""How a dispute is classified from its first sign on, before it is a case: its category and its risk."""

from app.core.codes import Code


class DisputeCategory(Code, table="dispute_category"):
    """Categories in the order of the official statistics; the local extensions count under their parent."""

    MARRIAGE_FAMILY = "marriage_family", "婚姻家庭纠纷", "Marriage and family"
    DIVORCE_AND_COURTSHIP = "divorce_and_courtship", "离婚恋爱纠纷", "Divorce and courtship", "marriage_family"
    ELDER_SUPPORT = "elder_support", "赡养纠纷", "Support of the elderly", "marriage_family"
    CHILD_SUPPORT = "child_support", "抚养纠纷", "Support of children", "marriage_family"
    INHERITANCE = "inheritance", "继承分家纠纷", "Inheritance and division", "marriage_family"
    DOMESTIC_VIOLENCE = "domestic_violence", "家庭暴力纠纷", "Domestic violence", "marriage_family"
    NEIGHBOR = "neighbor", "邻里纠纷", "Neighbours"
    HOUSE_HOMESTEAD = "house_homestead", "房屋宅基地纠纷", "Houses and homesteads"
    CONTRACT = "contract", "合同纠纷", "Contracts"
    PRODUCTION_BUSINESS = "production_business", "生产经营纠纷", "Production and business"
    DAMAGE_COMPENSATION = "damage_compensation", "损害赔偿纠纷", "Compensation for damage"
    LIVESTOCK_CROP = "livestock_crop", "牲畜庄稼损害纠纷", "Damage to livestock and crops", "damage_compensation"
    FOREST_LAND = "forest_land", "山林土地纠纷", "Forest and land"
    GRAVE_SITE = "grave_site", "坟地纠纷", "Grave sites", "forest_land"
    EXPROPRIATION_DEMOLITION = "expropriation_demolition", "征地拆迁纠纷", "Expropriation and demolition"
    ENVIRONMENTAL_POLLUTION = "environmental_pollution", "环境污染纠纷", "Environmental pollution"
    LABOR = "labor", "劳动争议纠纷", "Labour"
    MIGRANT_WAGE_ARREARS = "migrant_wage_arrears", "拖欠农民工工资纠纷", "Wage arrears of migrant workers", "labor"
    LABOR_OTHER = "labor_other", "其他劳动争议纠纷", "Other labour disputes", "labor"
    CONSUMER = "consumer", "消费纠纷", "Consumption"
    TOURISM = "tourism", "旅游纠纷", "Tourism", "consumer"
    E_COMMERCE = "e_commerce", "电子商务纠纷", "E-commerce", "consumer"
    CONSUMER_OTHER = "consumer_other", "其他消费纠纷", "Other consumption", "consumer"
    MEDICAL = "medical", "医疗纠纷", "Medical care"
    ROAD_TRAFFIC_ACCIDENT = "road_traffic_accident", "道路交通事故纠纷", "Road traffic accidents"
    PROPERTY_MANAGEMENT = "property_management", "物业纠纷", "Property management"
    OTHER = "other", "其他纠纷", "Other disputes"
    VILLAGE_AFFAIRS = "village_affairs", "村务管理纠纷", "Village affairs", "other"
    FINANCIAL = "financial", "金融纠纷", "Finance", "other"
    INTERNET = "internet", "互联网纠纷", "Internet", "other"
    INTELLECTUAL_PROPERTY = "intellectual_property", "知识产权纠纷", "Intellectual property", "other"
    SCHOOL = "school", "校园纠纷", "Schools", "other"
    WATER_USE = "water_use", "水事纠纷", "Use of water", "other"
    FIRE_SAFETY = "fire_safety", "消防纠纷", "Fire safety", "other"
    OTHER_MIGRANT = "other_migrant", "移民安置纠纷", "Resettlement", "other"

    @property
    def official_no(self) -> str | None:
        """Number in the official statistics; None for a local extension."""
        return _OFFICIAL_NUMBERS.get(self)


_OFFICIAL_NUMBERS = {
    DisputeCategory.MARRIAGE_FAMILY: "01",
    DisputeCategory.NEIGHBOR: "02",
    DisputeCategory.HOUSE_HOMESTEAD: "03",
    DisputeCategory.CONTRACT: "04",
    DisputeCategory.PRODUCTION_BUSINESS: "05",
    DisputeCategory.DAMAGE_COMPENSATION: "06",
    DisputeCategory.FOREST_LAND: "07",
    DisputeCategory.EXPROPRIATION_DEMOLITION: "08",
    DisputeCategory.ENVIRONMENTAL_POLLUTION: "09",
    DisputeCategory.LABOR: "10",
    DisputeCategory.MIGRANT_WAGE_ARREARS: "1001",
    DisputeCategory.LABOR_OTHER: "1099",
    DisputeCategory.CONSUMER: "11",
    DisputeCategory.TOURISM: "1101",
    DisputeCategory.E_COMMERCE: "1102",
    DisputeCategory.CONSUMER_OTHER: "1199",
    DisputeCategory.MEDICAL: "12",
    DisputeCategory.ROAD_TRAFFIC_ACCIDENT: "13",
    DisputeCategory.PROPERTY_MANAGEMENT: "14",
    DisputeCategory.OTHER: "99",
}


class RiskLevel(Code, table="risk_level"):
    """Colours differ by district and are not part of the level."""

    MAJOR = "major", "重大风险", "Major"
    HIGH = "high", "高风险", "High"
    MEDIUM = "medium", "中风险", "Medium"
    LOW = "low", "低风险", "Low"

    @property
    def is_to_be_reported(self) -> bool:
        return self is RiskLevel.MAJOR
