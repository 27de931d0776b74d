"""Sentences of reports, read and held against the register: every number where it stands, nothing guessed."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.codes import Role
from app.statistics.claim_codes import MeanOver
from app.statistics.claim_numbers import han_number, numbers, written
from app.statistics.claim_origins import exact_multiple, mean_of_rates, means_possible, smallest_populations
from app.statistics.claim_texts import figures_in
from app.statistics.claims import possible_ranges
from app.statistics.codes import Rounding
from tests.test_claims import claims
from tests.world import OTHER_TOWN, OTHER_VILLAGE, TOWN, VILLAGE, World, ok, refused, settled_case

REPORT = "全年共受理排查各类矛盾纠纷41起,调处率达100%,调处成功率达99%,全镇社会大局和谐稳定。"
YEAR = {"from": "2020-01-01", "to": "2020-12-31"}

SUCCESS = "success_rate", "success_of_received", "success_of_closed"
Read = list[tuple[str, str, str, tuple[str, ...]]]


def read(text: str) -> Read:
    figures, _ = figures_in(text)
    return [
        (text[slice(*figure.number.span)], f"{figure.number.value:f}", str(figure.number.bound), figure.indicators)
        for figure in figures
    ]


SENTENCES: dict[str, Read] = {
    REPORT: [
        ("41起", "41", "exact", ("received",)),
        ("100%", "100", "exact", ("handling_rate",)),
        ("99%", "99", "exact", SUCCESS),
    ],
    "共排查化解矛盾纠纷四十一起，其中成功40件，调解成功率９７．５６％。": [
        ("四十一起", "41", "exact", ("received", "succeeded")),
        ("40件", "40", "exact", ("succeeded",)),
        ("９７．５６％", "97.56", "exact", SUCCESS),
    ],
    "受理41宗、调处41宗，调解率百分之九十九点五": [
        ("41宗", "41", "exact", ("received",)),
        ("41宗", "41", "exact", ("handled",)),
        ("百分之九十九点五", "99.5", "exact", ("handling_rate", *SUCCESS)),
    ],
    "调解率、成功率分别达到100%、98.5%，同比上升3个百分点": [
        ("100%", "100", "exact", ("handling_rate",)),
        ("98.5%", "98.5", "exact", SUCCESS),
    ],
    "受理1,028件（其中婚姻家庭12件），同比减少15件，调处率和成功率均达百分之百": [
        ("1,028件", "1028", "exact", ("received",)),
        ("百分之百", "100", "exact", ("handling_rate",)),
        ("百分之百", "100", "exact", SUCCESS),
    ],
    "共调解纠纷百余件，成功率九成九，协议履行率98%以上，满意度近九成": [
        ("百余件", "100", "at_least", ("handled",)),
        ("九成九", "99", "exact", SUCCESS),
        ("98%以上", "98", "at_least", ("performance_rate",)),
        ("近九成", "90", "about", ("satisfaction_rate",)),
    ],
    "1.2万起纠纷全部得到化解；办结率不低于95%": [("1.2万起", "12000", "exact", ("succeeded",))],
    "调解成功193件，调解不成2件，未办结20件": [
        ("193件", "193", "exact", ("succeeded",)),
        ("2件", "2", "exact", ("failed",)),
        ("20件", "20", "exact", ("open_at_end",)),
    ],
    "化解率98%。调处率98%": [
        ("98%", "98", "exact", SUCCESS),
        ("98%", "98", "exact", ("handling_rate",)),
    ],
    "受理1 028件，调处１，０２８件，成功率98%—99%": [
        ("1 028件", "1028", "exact", ("received",)),
        ("１，０２８件", "1028", "exact", ("handled",)),
    ],
    "共调解各类矛盾纠纷5935件，成功调解5894件，调解成功率99.31%，涉及金额1234.5万元": [
        ("5935件", "5935", "exact", ("handled",)),
        ("5894件", "5894", "exact", ("succeeded",)),
        ("99.31%", "99.31", "exact", SUCCESS),
    ],
    "截至41件全部受理，调处成功率上升至98%，履行率由90%提高到95%": [
        ("41件", "41", "exact", ("received",)),
        ("98%", "98", "exact", SUCCESS),
        ("95%", "95", "exact", ("performance_rate",)),
    ],
    "调处率97.10%": [("97.10%", "97.10", "exact", ("handling_rate", *SUCCESS))],
}


@pytest.mark.parametrize("text", SENTENCES)
def test_what_a_sentence_claims(text: str) -> None:
    assert read(text) == SENTENCES[text]


@pytest.mark.parametrize(
    "text",
    [
        "全年工作取得良好成效。",
        "第四十一起，一起推进，办好十件实事，群众知晓率达98%，同比上升3%。",
        "参加会议9名，开展活动4次，2020年48号文件。",
        "受理一百二起",  # 102 or 120: not guessed
        "受理40-41起，成功率98%至99%",
        "受理028件",
        "受理99999999起，成功率99.12345%",
    ],
)
def test_what_is_no_claim_is_not_read_as_one(text: str) -> None:
    assert read(text) == []


def test_unread_numbers_are_named() -> None:
    text = "受理41起，其中邻里12起，占30%"
    _, unread = figures_in(text)
    assert [text[slice(*span)] for span in unread] == ["12起", "30%"]


NAIVE_DIGITS = "零一二三四五六七八九"


def spelled(number: int) -> str:
    """By the rules of speech, each place by itself, then the zeros between mended."""
    if number >= 10_000:
        low = number % 10_000
        joint = "零" if 0 < low < 1000 else ""
        return spelled_long(number // 10_000) + "万" + (joint + spelled_long(low) if low else "")
    text = spelled_long(number)
    return text[1:] if text.startswith("一十") else text


def spelled_long(number: int) -> str:
    text = "".join(
        NAIVE_DIGITS[int(digit)] + (unit if digit != "0" else "")
        for digit, unit in zip(f"{number:04}", ("千", "百", "十", ""), strict=True)
    )
    while "零零" in text:
        text = text.replace("零零", "零")
    return text.strip("零") or "零"


@given(st.integers(0, 9_999_999))
def test_chinese_numerals_are_read_back(number: int) -> None:
    assert written(number) == (spelled(number) if number < 100_000 else written(number))
    assert han_number(written(number)) == number


@given(st.text("零〇一二两三四五六七八九十百千万", min_size=1, max_size=8))
def test_a_numeral_is_one_number_or_none(text: str) -> None:
    found = han_number(text)
    if found is not None and set(text) & set("十百千万"):
        plain = text.replace("两", "二").replace("〇", "零")
        assert written(found) in {plain, f"一{plain}"}


@given(st.text("受理调处成功率达件起41099％%百分之九成，。、近以上 \n", max_size=60))
def test_whatever_is_sent_is_read_in_order_without_overlap(text: str) -> None:
    spans = [number.span for number in numbers(text)]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    figures, unread = figures_in(text)
    assert {figure.number.span for figure in figures} | set(unread) == set(spans)


@given(claims())
def test_the_smallest_population_is_what_a_loop_finds_first(claimed: Decimal) -> None:
    """Among fewer than 1,500 cases, where the loop is quick."""
    for found in smallest_populations(claimed):
        rounding, count = found["rounding"], found["count"]
        able = {r["rounding"]: r for r in possible_ranges(count, claimed)}
        assert able[rounding]["numerator_from"] <= found["numerator"] <= able[rounding]["numerator_to"]
        for fewer in range(1, min(count, 1500)):
            assert rounding not in {r["rounding"] for r in possible_ranges(fewer, claimed)}
    assert {found["rounding"] for found in smallest_populations(claimed)} == set(Rounding)


def test_99_percent_needs_67_51_or_100_cases() -> None:
    counts = {found["rounding"]: found["count"] for found in smallest_populations(Decimal(99))}
    assert counts == {"half_up": 67, "half_even": 67, "floor": 100, "ceiling": 51}
    assert exact_multiple(Decimal(99)) == 100
    assert smallest_populations(Decimal(120)) == []


PARTS = [(MeanOver.MONTH, 12), (MeanOver.PLACE, 6), (MeanOver.QUARTER, 4)]


def test_40_of_41_as_a_mean_of_rates() -> None:
    found = {mean["over"]: (mean["cases_from"], mean["cases_to"]) for mean in means_possible(41, Decimal(99), 1, PARTS)}
    assert found == {"month": (6, 16), "place": (12, 33), "quarter": (17, 41)}
    half_up = [Rounding.HALF_UP, Rounding.HALF_EVEN]
    for cases, printed, also in ((6, "98.61", Rounding.CEILING), (16, "99.48", Rounding.FLOOR)):
        mean = mean_of_rates(MeanOver.MONTH, [(1, 1)] * 11 + [(cases - 1, cases)], Decimal(99))
        assert mean is not None
        assert (mean["parts"], mean["percent"], set(mean["roundings"])) == (12, printed, {*half_up, also})
    assert mean_of_rates(MeanOver.MONTH, [(0, 0)] * 12, Decimal(99)) is None


@given(st.integers(1, 60), st.integers(1, 5), st.integers(2, 12), claims())
def test_means_are_what_a_loop_finds(count: int, failures: int, parts: int, claimed: Decimal) -> None:
    def prints(cases: int) -> bool:
        mean = 1 - Fraction(failures, parts * cases)
        step = Fraction(1, 10 ** -int(claimed.as_tuple().exponent))
        return Fraction(claimed) - step / 2 <= 100 * mean < Fraction(claimed) + step / 2

    able = [cases for cases in range(failures, count + 1) if prints(cases)]
    found = means_possible(count, claimed, failures, [(MeanOver.MONTH, parts)])
    assert [(m["cases_from"], m["cases_to"]) for m in found] == ([(able[0], able[-1])] if able else [])


async def asked(world: World, text: str, **more: Any) -> Any:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    return await ok(clerk.post("/statistics/claims", json={"text": text, **more}))


async def test_the_claim_of_the_report_of_2020(world: World) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await settled_case(clerk)
    answer = await asked(world, REPORT, **YEAR)
    received, handled, success = answer["figures"]
    assert REPORT[slice(*success["span"])] == "99%"
    assert [REPORT[slice(*words)] for words in success["words"]] == ["调处成功率"]
    assert (received["differs"], handled["impossible"], handled["differs"]) == (True, False, False)
    assert (success["impossible"], success["differs"]) == (True, True)
    near = [{"numerator": 40, "percent": "97.56"}, {"numerator": 41, "percent": "100.00"}]
    assert success["tests"] == [{"figure": 0, "count": 41, "possible": [], "nearest": near}]
    true = success["readings"][0]["register"]
    assert (true["numerator"], true["denominator"], true["percent"], true["agrees"]) == (1, 1, "100.00", False)
    behind = await ok(clerk.get(true["cases"].removeprefix("/api/v1")))
    assert len(behind["items"]) == 1
    assert [origin["origin"] for origin in success["origins"]] == ["other_population", "mean_of_rates", "target_copied"]
    assert {"over": "month", "parts": 12, "cases_from": 6, "cases_to": 16} in success["origins"][1]["means"]
    assert [mean["roundings"] for mean in success["origins"][1]["register_means"]] == [[], [], []]
    assert "40/41 = 97.56%、41/41 = 100.00%" in answer["zh"]
    assert "No whole number of 41 prints as “99%”" in answer["en"]


async def test_a_mean_of_the_registers_rates_is_named_as_one(world: World) -> None:
    """Of ten cases one is withdrawn: 90 % of them succeeded, yet the mean over the villages is 95 %."""
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    await settled_case(clerk)
    await settled_case(clerk, OTHER_VILLAGE)
    lost = await settled_case(clerk, OTHER_VILLAGE)
    head = await world.caller(Role.OFFICE_HEAD, TOWN)
    await ok(head.post(f"/cases/{lost['id']}/reopening", json={"on": "2020-03-09", "reason": "反悔。"}))
    answer = await asked(world, "受理3起，成功率75%", **YEAR)
    rate = answer["figures"][1]
    assert rate["impossible"]
    assert rate["readings"][0]["register"]["percent"] == "66.67"
    means = {mean["over"]: mean for mean in rate["origins"][1]["register_means"]}
    assert means["place"] == {"over": "place", "parts": 2, "percent": "75.00", "roundings": list(Rounding)}
    assert means["month"]["roundings"] == []
    assert "登记簿各下级地区比率的平均数是75.00%" in answer["zh"]


async def test_a_texts_own_numbers_may_contradict_it(world: World) -> None:
    answer = await asked(world, "受理100件，调解成功97件，成功率99%")
    rate = answer["figures"][2]
    assert not rate["impossible"]
    assert rate["tests"][0]["stated"] == {"figure": 1, "numerator": 97, "percent": "97.00", "agrees": False}
    assert "97/100（97.00%），与“99%”不符" in answer["zh"]
    assert rate["differs"] is None
    assert "register" not in rate["readings"][0]


async def test_at_least_and_about_are_not_called_impossible(world: World) -> None:
    answer = await asked(world, "受理41起，调处成功率99%以上。满意度近九成。", **YEAR)
    at_least, about = answer["figures"][1:]
    assert (at_least["bound"], at_least["impossible"], at_least["differs"]) == ("at_least", None, True)
    assert (about["bound"], about["impossible"], about["differs"]) == ("about", None, None)


@pytest.mark.parametrize(
    ("claim", "code", "pointer"),
    [
        ({"text": "全年工作取得良好成效，占比30%。"}, "claim-not-read", "/text"),
        ({"text": "受理41起", "count": 41}, "invalid-input", "/count"),
        ({"text": "受理41起", "percent": "99"}, "invalid-input", "/percent"),
        ({"text": " "}, "invalid-input", "/text"),
        ({"text": "受" * 2001}, "invalid-input", "/text"),
        ({"text": None}, "invalid-input", "/count"),
        ({"text": "受理41起", "from": "2020-01-01"}, "invalid-input", ""),
        ({"text": "受理41起", "place": OTHER_TOWN}, "unknown-reference", "/place"),
    ],
)
async def test_a_text_that_is_no_claim_is_refused(world: World, claim: dict[str, Any], code: str, pointer: str) -> None:
    clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    problem = await refused(clerk.post("/statistics/claims", json=claim), 422, code)
    assert problem["errors"][0]["pointer"] == pointer
    assert "30%" not in str(problem)
    if code == "claim-not-read":
        assert problem["numbers_found"] == 1


async def test_a_village_is_told_of_itself(world: World) -> None:
    village = await world.caller(Role.VILLAGE_MEDIATOR, VILLAGE)
    assert (await ok(village.post("/statistics/claims", json={"text": "受理1起"})))["place"] == VILLAGE
    grid = await world.caller(Role.GRID_WORKER, VILLAGE)
    await refused(grid.post("/statistics/claims", json={"text": "受理1起"}), 403, "forbidden")
