"""What people in a sample district quarrel about: kinds of dispute with their season, their words and their ways."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.intake.codes import Difficulty, DisputeCategory, SpecialGroup
from app.intake.method_codes import Method


@dataclass(frozen=True)
class Topic:
    category: DisputeCategory
    weight: float
    """Share of a quiet month, in per cent."""
    title: str
    summaries: tuple[str, ...]
    """`{a}` and `{b}` are the parties."""
    terms: tuple[str, ...]
    duty: str
    yuan: tuple[int, int] | None = None
    months: Mapping[int, float] = field(default_factory=dict)
    """How many times its share, by month."""
    methods: tuple[Method, ...] = (Method.PEOPLE,)
    difficulty: Difficulty = Difficulty.ORDINARY
    group: SpecialGroup | None = None

    def weight_in(self, month: int) -> float:
        return self.weight * self.months.get(month, 1.0)


C, M, G = DisputeCategory, Method, SpecialGroup
_RAIN = {5: 1.6, 6: 2.2, 7: 2.4, 8: 1.8}
_SPRING = {2: 1.4, 3: 2.6, 4: 2.2, 5: 1.4}
_BEFORE_SPRING_FESTIVAL = {11: 1.8, 12: 4.0, 1: 5.0, 2: 1.5}
_HOME_FOR_THE_FESTIVAL = {1: 1.5, 2: 2.0}
_PEOPLE_OR_LAWYER = (M.PEOPLE, M.PEOPLE, M.PEOPLE, M.LAWYER)

TOPICS = (
    Topic(
        C.NEIGHBOR,
        22,
        "邻里排水通行纠纷",
        (
            "{a}家屋檐水冲到{b}家院坝，连日下雨后堡坎松动，两家为谁来修争吵。",
            "{b}在公用通道堆放柴草，{a}家车辆无法进出，双方发生口角。",
            "{b}家加工到深夜，{a}家老人无法休息，多次交涉没有结果。",
        ),
        ("双方共同疏通排水沟，{b}七日内修复堡坎，今后互不堆占。", "{b}清理通道，晚上八点后不再作业，{a}不再追究。"),
        "修复堡坎并清理通道",
        months=_RAIN,
        difficulty=Difficulty.SIMPLE,
    ),
    Topic(
        C.FOREST_LAND,
        14,
        "林地承包地界线纠纷",
        (
            "{a}与{b}的承包地相邻，春耕翻地时界石移位，双方各拿证件互不相让。",
            "{b}砍伐界边林木，{a}认为砍过了界，两家在地里争执。",
        ),
        ("请老组长指界，双方以老田坎为界，重新埋设界石。", "{b}补偿{a}林木款，双方以新埋界石为准。"),
        "埋设界石",
        months=_SPRING,
        methods=_PEOPLE_OR_LAWYER,
        difficulty=Difficulty.DIFFICULT,
    ),
    Topic(
        C.MIGRANT_WAGE_ARREARS,
        6,
        "拖欠农民工工资纠纷",
        ("{a}等人在{b}承包的工地做工，完工后工资一直没有结清，年关将近要求支付。",),
        ("{b}分两次付清所欠工资，第一笔在腊月二十前到账。",),
        "支付所欠工资",
        (3000, 60000),
        _BEFORE_SPRING_FESTIVAL,
        (M.PEOPLE, M.ARBITRATION, M.LAWYER),
        group=G.MIGRANT_WORKERS,
    ),
    Topic(
        C.MARRIAGE_FAMILY,
        11,
        "婚姻家庭纠纷",
        ("{a}与{b}因家务和外出务工的收入争吵，老人劝解无效。", "{a}与{b}分居后为孩子由谁照管发生争执。"),
        ("双方互相体谅，商定家用和照管孩子的办法。",),
        "按月支付家用",
        (300, 2000),
        _HOME_FOR_THE_FESTIVAL,
        _PEOPLE_OR_LAWYER,
        group=G.WOMEN,
    ),
    Topic(
        C.ELDER_SUPPORT,
        4,
        "赡养纠纷",
        ("{a}年老多病，子女为轮流照料和医药费互相推诿，{b}三个月没有给生活费。",),
        ("{b}每月给付生活费，医药费由子女平摊，轮流照料。",),
        "按月给付生活费",
        (200, 1500),
        _HOME_FOR_THE_FESTIVAL,
        group=G.ELDERLY,
    ),
    Topic(
        C.HOUSE_HOMESTEAD,
        8,
        "建房宅基地纠纷",
        ("{b}拆旧建新，{a}认为地基超出原址，坐在基槽边不让施工。",),
        ("对照批准书放线，{b}退回原址线内，{a}不再阻工。",),
        "地基退线",
        months={3: 1.4, 9: 1.5, 10: 1.7, 11: 1.4},
        difficulty=Difficulty.DIFFICULT,
    ),
    Topic(
        C.ROAD_TRAFFIC_ACCIDENT,
        9,
        "道路交通事故赔偿纠纷",
        ("{b}骑摩托车在村道拐弯处与{a}相撞，{a}受伤，双方对赔偿数额说法不一。",),
        ("按责任认定核对票据，{b}赔偿{a}医疗费和误工费，当面两清。",),
        "赔偿医疗费和误工费",
        (800, 30000),
        {1: 1.4, 2: 1.8, 10: 1.4},
        (M.POLICE, M.POLICE, M.PEOPLE),
    ),
    Topic(
        C.DAMAGE_COMPENSATION,
        7,
        "损害赔偿纠纷",
        ("{b}家的狗没有拴，咬伤路过的{a}，双方为后续费用争执。", "两家孩子玩耍时{a}的孩子受伤，{b}不愿承担费用。"),
        ("{b}承担疫苗费和药费，当场付清。",),
        "赔偿药费",
        (300, 8000),
        methods=(M.PEOPLE, M.PEOPLE, M.POLICE),
    ),
    Topic(
        C.LIVESTOCK_CROP,
        5,
        "牲畜践踏庄稼纠纷",
        ("{b}家的牛脱绳踩食{a}家庄稼约三分地，双方对损失估算不一。",),
        ("一起丈量受损面积，{b}照往年收成赔偿，今后拴好绳索。",),
        "赔偿庄稼损失",
        (100, 1500),
        {4: 1.6, 5: 1.8, 6: 1.6, 9: 1.4},
        difficulty=Difficulty.SIMPLE,
    ),
    Topic(
        C.CONTRACT,
        8,
        "借款买卖合同纠纷",
        ("{b}向{a}借款到期没有归还，利息怎么算双方有分歧。", "{a}卖给{b}的货物，{b}以质量不好为由拖欠货款。"),
        ("双方核定所欠金额，{b}分期付清，不再计息。",),
        "归还欠款",
        (1000, 80000),
        {1: 1.8, 12: 1.6},
        (M.PEOPLE, M.COURT, M.LAWYER),
        Difficulty.DIFFICULT,
    ),
    Topic(
        C.WATER_USE,
        4,
        "灌溉用水纠纷",
        ("天旱水小，上下两组为放水先后争吵，{a}说{b}夜里私自改了水口。",),
        ("两组单双日轮流放水，任何人不得私自改口。",),
        "按议定的日子放水",
        months={6: 1.4, 7: 2.2, 8: 2.6},
    ),
    Topic(
        C.CONSUMER_OTHER,
        3,
        "消费纠纷",
        ("{a}在{b}店里买的家电三天就坏，要求退货，店家只愿维修。",),
        ("{b}换货一台并承担运费。",),
        "换货",
        (100, 4000),
    ),
    Topic(
        C.LABOR_OTHER,
        4,
        "劳动报酬工伤纠纷",
        ("{a}在{b}的加工厂做工时手指受伤，停工期间工资和补助谈不拢。",),
        ("{b}补足停工期间工资并给予一次性补助。",),
        "支付补助",
        (2000, 30000),
        methods=(M.ARBITRATION, M.LAWYER, M.PEOPLE),
        difficulty=Difficulty.DIFFICULT,
    ),
    Topic(
        C.GRAVE_SITE,
        2,
        "坟地纠纷",
        ("清明修坟，{b}家砌的拜台伸进{a}的承包地约一米，两家争执。",),
        ("拜台不再扩建，{b}调换相邻地块。",),
        "调换相邻地块",
        months={3: 2.0, 4: 5.0},
        difficulty=Difficulty.DIFFICULT,
    ),
    Topic(
        C.PROPERTY_MANAGEMENT,
        3,
        "物业服务纠纷",
        ("{a}认为小区电梯长期失修，拒交物业费，{b}停了门禁卡。",),
        ("{b}十五日内修好电梯并恢复门禁，{a}补交物业费。",),
        "补交物业费",
        (300, 3000),
    ),
)
RECORDS = (
    "调解员听取双方陈述，讲明法律规定，双方各让一步。",
    "调解员到现场查看，请来知情的邻居说明情况，双方仍有分歧。",
    "分开做工作后再见面，双方就数额和期限谈妥。",
)
TOO_GOOD = "调解员耐心劝说，双方当场握手言和。"
"""What one village writes, word for word, of every case."""
