"""Agreements and what becomes of them: form, amount, performance, confirmation, return visits."""

from sqlalchemy import and_

from app.intake.codes import CaseOutcome
from app.intake.method_codes import AgreementForm
from app.statistics.codes import Population, Unit
from app.statistics.definitions.cases import ALL, DECIDED
from app.statistics.indicators import Indicator, Measure
from app.statistics.models import CountedCase as C

AGREED = Measure(
    "agreed",
    "调解成功或调解不成，且达成了协议",
    "Ended with or without success, and an agreement was reached",
    and_(DECIDED.clause, C.agreement_form.is_not(None)),
)
_SUCCEEDED = C.outcome == CaseOutcome.SUCCESS
ORAL = Measure(
    "oral", "成功且为口头协议", "Success by an oral agreement", and_(_SUCCEEDED, C.agreement_form == AgreementForm.ORAL)
)
WRITTEN = Measure(
    "written",
    "成功且为书面协议",
    "Success by a written agreement",
    and_(_SUCCEEDED, C.agreement_form == AgreementForm.WRITTEN),
)
ON_THE_SPOT = Measure(
    "on_the_spot",
    "成功且为当场和解",
    "Success, settled on the spot",
    and_(_SUCCEEDED, C.agreement_form == AgreementForm.ON_THE_SPOT),
)
AMOUNT = Measure("amount", "协议金额", "Amounts of the agreements", _SUCCEEDED, C.agreement_amount)
PERFORMED = Measure("performed", "已履行完毕", "Nothing more is owed", C.performed.is_(True))
APPLIED = Measure("applied", "已申请司法确认", "Confirmation was applied for", C.confirmation_applied.is_(True))
CONFIRMED = Measure("confirmed", "法院确认有效", "The court confirmed it", C.confirmed.is_(True))
VISITED = Measure("visited", "已回访", "Visited again", C.visited_on.is_not(None))
SATISFIED = Measure("satisfied", "满意或基本满意", "Satisfied or basically satisfied", C.satisfied.is_(True))
ASKED = Measure("asked", "已回答满意度", "Asked whether they are satisfied", C.satisfied.is_not(None))
VISIT_DUE = Measure("visit_due", "调解成功", "Ended with success", _SUCCEEDED)
VISITED_WHERE_DUE = Measure(
    "visited_where_due", "调解成功且已回访", "Ended with success, and visited again", and_(_SUCCEEDED, VISITED.clause)
)

AGREEMENTS = (
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
        Unit.PERCENT,
    ),
    Indicator(
        "oral_agreements",
        "口头协议数",
        "Oral agreements",
        "统计期内调解成功办结的案件中，以口头协议成功的件数。",
        "Of the cases closed in the period with success, those with an oral agreement.",
        Population.FLOW,
        ORAL,
        version=2,
    ),
    Indicator(
        "written_agreements",
        "书面协议数",
        "Written agreements",
        "统计期内调解成功办结的案件中，以书面协议成功的件数。",
        "Of the cases closed in the period with success, those with a written agreement.",
        Population.FLOW,
        WRITTEN,
        version=2,
    ),
    Indicator(
        "settled_on_the_spot",
        "当场和解数",
        "Settled on the spot",
        "统计期内调解成功办结的案件中，当场和解的件数。",
        "Of the cases closed in the period with success, those settled on the spot.",
        Population.FLOW,
        ON_THE_SPOT,
        version=2,
    ),
    Indicator(
        "agreement_amount",
        "协议涉及金额",
        "Amount of agreements",
        "统计期内调解成功办结的案件中，已生效协议的金额之和（万元）。",
        "Amounts of the agreements in effect, of the cases closed in the period with success, added up in 10,000 yuan.",
        Population.FLOW,
        AMOUNT,
        unit=Unit.TEN_THOUSAND_YUAN,
        version=2,
    ),
    Indicator(
        "effective_agreements",
        "生效协议案件数",
        "Cases with an agreement in effect",
        "最后一份协议的生效日期在统计期内的案件数。",
        "Cases whose last agreement took effect in the period.",
        Population.EFFECTIVE,
        ALL,
        version=2,
    ),
    Indicator(
        "performance_rate",
        "履行率",
        "Performance rate",
        "最后应履行日在统计期内且已届至的案件中，协议已履行完毕的件数 ÷ 其总数；"
        "没有约定履行日的，自协议生效之日起应履行。",
        "Of the cases whose last day of performance lies in the period and has come, those in which nothing more is "
        "owed ÷ all of them; where no day was agreed, it is the day the agreement took effect.",
        Population.PERFORMANCE_DUE,
        PERFORMED,
        ALL,
        Unit.PERCENT,
        2,
    ),
    Indicator(
        "confirmation_application_rate",
        "司法确认申请率",
        "Confirmation applied for",
        "协议在统计期内生效的案件中，已申请司法确认的件数 ÷ 其总数。",
        "Of the cases whose last agreement took effect in the period, those in which confirmation was applied for ÷ "
        "all of them.",
        Population.EFFECTIVE,
        APPLIED,
        ALL,
        Unit.PERCENT,
        2,
    ),
    Indicator(
        "confirmation_rate",
        "司法确认率",
        "Confirmation rate",
        "人民法院在统计期内对司法确认申请作出裁定的案件中，确认有效的件数 ÷ 其总数。",
        "Of the cases in which a court decided on confirmation in the period, those it confirmed ÷ all of them.",
        Population.DECIDED,
        CONFIRMED,
        ALL,
        Unit.PERCENT,
        2,
    ),
    Indicator(
        "return_visit_rate",
        "回访率",
        "Return visit rate",
        "回访到期日在统计期内且已届至的调解成功案件中，已回访的件数 ÷ 其总数。",
        "Of the cases that ended with success and were to be visited again by a day in the period that has come, those "
        "visited again ÷ all of them.",
        Population.VISIT_DUE,
        VISITED_WHERE_DUE,
        VISIT_DUE,
        Unit.PERCENT,
        2,
    ),
    Indicator(
        "satisfaction_rate",
        "满意率",
        "Satisfaction rate",
        "首次回访在统计期内、且回答过满意度的案件中，最近一次回答为满意或基本满意的件数 ÷ 其总数。",
        "Of the cases first visited again in the period whose parties were asked whether they are satisfied, those "
        "whose latest answer was satisfied or basically satisfied ÷ all of them.",
        Population.VISITED,
        SATISFIED,
        ASKED,
        Unit.PERCENT,
        2,
    ),
)
