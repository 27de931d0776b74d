"""The dashboard as people use it: the demo year, in Chromium, before the real service. Run by `make browser`."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.seeing import faults_of
from tests.browser.visiting import Demo, Visitor, visiting

MOST_REQUESTS, MOST_BYTES, LONGEST = 12, 400_000, 1.5


def test_the_first_view_is_complete_after_few_requests(visitor: Visitor, capsys: pytest.CaptureFixture[str]) -> None:
    visitor.open()
    visitor.sign_in()
    assert visitor.text("#heading") == "黎水镇 · 2020 年"
    cards = {slug: visitor.text(f"#card-{slug} .number") for slug in ("received", "success_rate", "closed")}
    assert cards == {"received": "41件", "success_rate": "97.56%", "closed": "41件"}
    assert visitor.text("#card-handling_rate .parts") == "41 / 41"
    assert visitor.text("#card-success_rate .parts") == "40 / 41"
    assert visitor.text("#card-open_at_end .number") == "0件"
    assert visitor.page.locator("canvas").count() == 4
    with capsys.disabled():
        print(f"\nfirst view, with signing in: {len(visitor.asked)} requests, {visitor.received_bytes / 1000:.0f} KB")
    assert len(visitor.asked) <= MOST_REQUESTS
    assert 100_000 < visitor.received_bytes <= MOST_BYTES


def test_the_first_view_is_quick(browser: Browser, demo: Demo, capsys: pytest.CaptureFixture[str]) -> None:
    seconds = []
    for _ in range(2):  # each with an empty cache
        with visiting(browser, demo) as visitor:
            visitor.enter()
            seconds.append(visitor.page.evaluate("performance.getEntriesByName('shown')[0].startTime") / 1000)
    with capsys.disabled():
        print(f"\nfirst view complete after {', '.join(f'{one:.2f}' for one in seconds)} s")
    assert min(seconds) <= LONGEST


def test_an_empty_year_is_said_and_the_latest_with_cases_offered(visitor: Visitor) -> None:
    page = visitor.enter("/")
    assert "没有案件" in visitor.text("#notice")
    assert visitor.text("#card-success_rate .number") == "—"
    assert page.locator("canvas").count() == 0
    page.click("#offer")
    visitor.settle()
    assert visitor.text("#heading") == "黎水镇 · 2020 年"
    assert visitor.text("#card-received .number") == "41件"
    page.reload()
    visitor.settle()
    assert visitor.text("#card-received .number") == "41件"


def test_each_figure_opens_its_cases(visitor: Visitor) -> None:
    page = visitor.enter()
    page.click("#card-success_rate .parts button >> nth=1")
    page.wait_for_selector("#cases tbody tr")
    assert visitor.text("#cases-title") == "调处成功率 · 分母"
    seen = _numbers(page)
    assert visitor.text("#cases-count") == "共 41 件，第 1–20 件"
    for count in ("共 41 件，第 21–40 件", "共 41 件，第 41–41 件"):
        page.click("#cases-after")
        page.wait_for_function("(text) => document.getElementById('cases-count').textContent === text", arg=count)
        seen += _numbers(page)
    assert len(set(seen)) == 41
    assert "某甲" not in page.inner_text("#cases")
    page.click("#cases-close")
    page.click(".chart.place summary")
    page.click(".chart.place tbody button:has-text('88.89 %')")
    page.wait_for_selector("#cases tbody tr")
    assert visitor.text("#cases-count") == "共 8 件，第 1–8 件"
    page.keyboard.press("Escape")
    page.click("#canvas-category", position=_bar(page, "canvas-category"))
    page.wait_for_selector("#cases[open] tbody tr")
    assert visitor.text("#cases-title") == "邻里纠纷 · 调解成功"
    assert len(_numbers(page)) == 8


def _bar(page: Page, canvas: str) -> Any:
    """Within its first bar."""
    bar = f"Chart.getChart('{canvas}').getDatasetMeta(0).data[0]"
    return page.evaluate(f"({{ x: ({bar}.x + {bar}.base) / 2, y: {bar}.y }})")


def _numbers(page: Page) -> list[str]:
    return page.locator("#cases tbody th").all_inner_texts()


def test_breakdowns_sum_to_what_was_received(visitor: Visitor) -> None:
    page = visitor.enter()
    for name in ("category", "method", "place"):
        page.click(f".chart.{name} summary")
        cells = page.locator(f".chart.{name} tbody td:nth-child(2)").all_inner_texts()
        assert sum(int(cell) for cell in cells) == 41
        rates = page.locator(f".chart.{name} tbody td:nth-child(4)").all_inner_texts()
        assert sum(int(rate.split("(")[1].split("/")[0]) for rate in rates) == 40


def test_a_village_and_a_period_are_chosen(visitor: Visitor) -> None:
    page = visitor.enter()
    page.select_option("#place", label="\u3000黎水村")
    page.wait_for_selector("text=黎水村 · 2020 年")
    visitor.settle()
    assert visitor.text("#card-success_rate .parts") == "8 / 9"
    assert page.locator(".chart.place").count() == 0
    assert "place=500114109201" in page.url
    page.fill("#from", "2020-02-01")
    page.fill("#to", "2020-01-01")
    page.click("#dates button")
    assert visitor.text("#problem") == "起始日期晚于截止日期。"
    page.select_option("#span", "last-year")
    page.wait_for_url("**/?span=last-year&place=500114109201")
    page.wait_for_selector("#notice:not([hidden])")
    assert "黎水村" in visitor.text("#notice")


def test_the_year_before_stands_beside_the_figures(visitor: Visitor) -> None:
    visitor.enter()
    assert visitor.text("#card-received .change") == "上年同期无案件"
    visitor.open("/?from=2020-07-01&to=2021-06-30")
    visitor.settle()
    assert visitor.text("#card-received .number") == "21件"
    assert visitor.text("#card-received .change") == "较上年同期 +1（20）"
    assert visitor.text("#card-open_at_end .change") == "较上年同期 ±0（0）"
    assert re.fullmatch(r"较上年同期 [+−]\d\.\d\d 个百分点（\d+\.\d\d %）", visitor.text("#card-success_rate .change"))


def test_the_language_is_switched_and_remembered(visitor: Visitor) -> None:
    page = visitor.enter()
    page.click("#language")
    assert page.locator("html").get_attribute("lang") == "en"
    assert visitor.text("#card-success_rate h3") == "Success rate"
    page.click("#meanings summary")
    page.wait_for_selector("#meanings dd")
    assert "ended with success" in visitor.text("#meanings")
    page.click(".chart.category summary")
    assert re.search("[\u4e00-\u9fff]", page.inner_text(".chart.category")) is None
    page.reload()
    visitor.settle()
    assert visitor.text("h1") == "Mediation dashboard"
    page.click("#language")
    assert visitor.text("#card-success_rate h3") == "调处成功率"


def test_it_is_used_by_keyboard_alone(visitor: Visitor) -> None:
    visitor.open()
    page, press = visitor.page, visitor.page.keyboard.press
    for typed in ("head.lishui", visitor.demo.passwords["head.lishui"]):
        page.keyboard.type(typed)
        press("Tab")
    press("Enter")
    visitor.settle()
    page.reload()
    visitor.settle()
    press("Tab")
    assert _focused(page) == "跳到主要内容"
    assert page.locator(".skip").bounding_box()["y"] >= 0  # type: ignore[index]
    press("Enter")
    walked: list[str] = []
    while _focused(page) != "调处成功率：97.56，查看案件" and len(walked) < 30:
        press("Tab")
        walked.append(_focused(page))
    assert walked[:2] == ["place", "span"]
    assert next(name for name in walked if name.endswith("查看案件")) == "受理数：41，查看案件"
    press("Enter")
    page.wait_for_selector("#cases[open] tbody tr")
    for _ in range(8):
        press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('#cases')")
    press("Escape")
    assert not page.is_visible("#cases")
    assert _focused(page) == "调处成功率：97.56，查看案件"
    page.focus("#place")
    press("ArrowDown")
    page.wait_for_selector("text=华阳社区 · 2020 年")


def _focused(page: Page) -> str:
    name: str = page.evaluate(
        "(({ ariaLabel, id, innerText }) => ariaLabel || id || innerText)(document.activeElement)"
    )
    return name.strip()


def test_it_is_readable_for_everybody(visitor: Visitor) -> None:
    visitor.open()
    page = visitor.page
    assert faults_of(page) == []
    visitor.sign_in()
    for summary in page.locator("summary").all():
        summary.click()
    page.wait_for_selector("#meanings dd")
    assert faults_of(page) == []
    page.click("#card-received button")
    page.wait_for_selector("#cases tbody tr")
    assert faults_of(page) == []
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('#heading').style.color = '#bbbbbb'")
    page.evaluate("document.querySelector('label[for=place]').remove()")
    assert sorted(fault.split(":")[0] for fault in faults_of(page)) == ["combobox without a name", "contrast 1.76"]


@pytest.mark.parametrize("width", [320, 375])
def test_a_narrow_screen_needs_no_sideways_scrolling(browser: Browser, demo: Demo, width: int) -> None:
    with visiting(browser, demo, width, 700) as visitor:
        visitor.open()
        assert _breadth(visitor.page) <= width
        visitor.sign_in()
        for summary in visitor.page.locator("summary").all():
            summary.click()
        assert _breadth(visitor.page) <= width
        visitor.page.click("#language")
        assert _breadth(visitor.page) <= width


def _breadth(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def test_a_session_is_renewed_once_and_its_end_is_said(visitor: Visitor) -> None:
    visitor.open()
    visitor.sign_in()
    page, before = visitor.page, len(visitor.asked)
    kept = json.loads(page.evaluate("sessionStorage['tiaojie.session']"))
    _keep(page, {**kept, "access": "ended"})
    page.reload()
    visitor.settle()
    assert visitor.text("#card-received .number") == "41件"
    assert [url for url in visitor.asked[before:] if url.endswith("/oauth/token")] == [
        f"{visitor.demo.address}/api/v1/oauth/token"
    ]
    _keep(page, {"access": "ended", "refresh": "ended"})
    page.reload()
    page.wait_for_selector("#entrance:not([hidden])")
    assert visitor.text("#sign-in-problem") == "登录已失效，请重新登录。"
    assert page.evaluate("sessionStorage.length") == 0
    assert page.evaluate("Object.keys(localStorage).join()") == ""


def _keep(page: Page, session: dict[str, str]) -> None:
    page.evaluate("(kept) => sessionStorage.setItem('tiaojie.session', kept)", json.dumps(session))


def test_a_wrong_password_is_said_and_signing_out_ends_the_session(visitor: Visitor) -> None:
    visitor.open()
    page = visitor.page
    page.fill("#username", "head.lishui")
    page.fill("#password", "wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sign-in-problem:not(:empty)")
    assert "用户名、密码" in visitor.text("#sign-in-problem")
    assert "password" not in page.url
    visitor.sign_in()
    access = json.loads(page.evaluate("sessionStorage['tiaojie.session']"))["access"]
    page.click("#sign-out")
    page.wait_for_selector("#entrance:not([hidden])")
    assert page.locator("#cards").inner_text() == ""
    answer = page.request.get(f"{visitor.demo.address}/api/v1/me", headers={"Authorization": f"Bearer {access}"})
    assert answer.status == 401


def test_roles_see_what_they_may(visitor: Visitor, browser: Browser, demo: Demo) -> None:
    page = visitor.enter(username="stat.qianjiang")
    assert visitor.text("#card-received .number") == "41件"
    page.click("#card-received button")
    page.wait_for_selector("#cases tbody tr")
    assert "事由" not in page.inner_text("#cases thead")
    with visiting(browser, demo) as another:
        another.enter(username="grid.huangni")
        assert another.text("#problem") == "您的岗位看不到统计数字。"
        assert another.page.locator("#cards article").count() == 0


def test_charts_are_taken_away_as_picture_and_table(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.enter()
    with page.expect_download() as picture:
        page.click(".chart.trend [aria-label*=PNG]")
    picture.value.save_as(tmp_path / "trend.png")
    assert (tmp_path / "trend.png").read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as table:
        page.click(".chart.place [aria-label*=CSV]")
    table.value.save_as(tmp_path / "place.csv")
    assert table.value.suggested_filename == "按地区_黎水镇_·_2020_年.csv"
    lines = (tmp_path / "place.csv").read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("地区,受理数,调处率 分子")
    assert "黎水村,9,9,9,100.00,8,9,88.89" in lines


def test_it_prints_without_its_controls(visitor: Visitor) -> None:
    page = visitor.enter()
    page.emulate_media(media="print")
    assert page.is_visible("#card-success_rate")
    assert page.is_visible("#canvas-trend")
    for control in ("#asked", "#language", "#print", ".tools >> nth=0"):
        assert not page.is_visible(control)
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_a_service_that_cannot_be_reached_is_said(visitor: Visitor) -> None:
    page = visitor.enter()
    page.route("**/api/v1/statistics?**", lambda route: route.abort())
    page.select_option("#span", "month")
    page.wait_for_selector("#problem:not([hidden])")
    assert "连接不到服务" in visitor.text("#problem")
    assert [fault for fault in visitor.faults if "Failed to fetch" not in fault] == []
    visitor.faults.clear()
    page.unroute("**/api/v1/statistics?**")
    page.click("#problem button")
    page.wait_for_selector("#notice:not([hidden])")
