"""What was found out about a claim, in a plain paragraph of either language."""

from collections.abc import Iterable

from app.statistics.claim_answers import ClaimedFigure, MeanOfRates, MeanPossible, Origin, ReadAs, Tested
from app.statistics.claim_codes import ClaimOrigin

Told = tuple[str, str]


def told(text: str, figures: list[ClaimedFigure], *, has_register: bool) -> Told:
    sentences = [sentence for figure in figures for sentence in _figure(text, figure)]
    if any(figure["origins"] for figure in figures):
        sentences.append(
            (
                "以上由来只是可能，系统不作推断。",
                "These are ways in which it may have come about; none of them is inferred.",
            )
        )
    if not has_register:
        sentences.append(("未给出统计期，没有与登记簿比对。", "No period was given: the register was not asked."))
    return "".join(zh for zh, _ in sentences), " ".join(en for _, en in sentences)


def _figure(text: str, figure: ClaimedFigure) -> Iterable[Told]:
    words = text[slice(*figure["span"])]
    names_zh = "或".join(reading["zh"] or reading["indicator"] for reading in figure["readings"])
    names_en = " or ".join(reading["en"] or reading["indicator"] for reading in figure["readings"])
    yield f"“{words}”读作{names_zh}。", f"“{words}” is read as: {names_en}."
    for test in figure["tests"]:
        yield from _tested(words, test, is_impossible=figure["impossible"] is True)
    for reading in figure["readings"]:
        yield from _true(reading)
    for origin in figure["origins"]:
        yield from _origin(origin)


def _tested(words: str, test: Tested, *, is_impossible: bool) -> Iterable[Told]:
    count = test["count"]
    if is_impossible:
        yield (
            f"{count}件中无论几件，四舍五入、四舍六入五成双、舍去、进位都得不出“{words}”，"
            f"最接近的是{_near(test, '、')}。",
            f"No whole number of {count} prints as “{words}” under any rounding; nearest: {_near(test, ' and ')}.",
        )
    if "stated" in test and not test["stated"]["agrees"]:
        part = f"{test['stated']['numerator']}/{count}（{test['stated']['percent']}%）"
        part_en = f"{test['stated']['numerator']}/{count} ({test['stated']['percent']}%)"
        yield f"文中自己的件数给出{part}，与“{words}”不符。", f"The text's own numbers give {part_en}, not “{words}”."


def _near(test: Tested, joint: str) -> str:
    near = [f"{near['numerator']}/{test['count']} = {near['percent']}%" for near in test["nearest"]]
    return joint.join(near) or "-"


def _true(reading: ReadAs) -> Iterable[Told]:
    register = reading.get("register")
    if register is None:
        return
    verdict_zh, verdict_en = {
        True: ("，一致", ", which agrees"),
        False: ("，不一致", ", which differs"),
        None: ("", ""),
    }[register["agrees"]]
    if "value" in register:
        amount_zh, amount_en = f"{register['value']}件", str(register["value"])
    elif register["percent"] is None:
        amount_zh, amount_en = "无（没有可作分母的案件）", "none (there is nothing to divide by)"
    else:
        amount_zh = f"{register['numerator']}/{register['denominator']}（{register['percent']}%）"
        amount_en = f"{register['numerator']}/{register['denominator']} ({register['percent']}%)"
    yield (
        f"登记簿同期{reading['zh']}为{amount_zh}{verdict_zh}。",
        f"{reading['en']} by the register: {amount_en}{verdict_en}.",
    )


def _origin(origin: Origin) -> Iterable[Told]:
    if origin["origin"] is ClaimOrigin.OTHER_POPULATION:
        counts = ", ".join(f"{s['rounding'].en.lower()} {s['count']}" for s in origin.get("smallest", []))
        counts_zh = "、".join(f"{s['rounding'].zh}至少{s['count']}件" for s in origin.get("smallest", []))
        if counts:
            yield (
                f"可能按另一总体（人数、事项、全部渠道等）计算：{counts_zh}。",
                f"It may be of another population (people, items, all channels); the fewest: {counts}.",
            )
    elif origin["origin"] is ClaimOrigin.MEAN_OF_RATES:
        yield from _means(origin.get("means", []), origin.get("register_means", []))
    else:
        yield "可能把考核目标抄作结果。", "A target may have been copied as a result."


def _means(possible: list[MeanPossible], register: list[MeanOfRates]) -> Iterable[Told]:
    for mean in possible:
        over, cases = mean["over"], f"{mean['cases_from']}–{mean['cases_to']}"
        yield (
            f"可能是{over.zh}比率的平均数：{mean['parts']}个部分中，未成功的都在一个有{cases}件的部分（四舍五入）。",
            f"It may be a mean of rates over {mean['parts']} {over.en.lower()}, all failures in one of {cases} cases "
            "(half up).",
        )
    for real in register:
        if real["roundings"]:
            by_zh = "、".join(rounding.zh for rounding in real["roundings"])
            by_en = ", ".join(rounding.en.lower() for rounding in real["roundings"])
            yield (
                f"登记簿{real['over'].zh}比率的平均数是{real['percent']}%，{by_zh}后与此相同，但平均数不是总体的比率。",
                f"The mean of the register's rates over {real['over'].en.lower()}, {real['percent']}%, prints so "
                f"({by_en}); it is not the rate.",
            )
