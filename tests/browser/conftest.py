"""One service and one browser for all; a visitor of its own for each test, who must have nothing to complain about."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.visiting import Demo, Visitor, running_chromium, running_demo, visiting


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser


@pytest.fixture
def visitor(browser: Browser, demo: Demo) -> Iterator[Visitor]:
    with visiting(browser, demo) as visitor:
        yield visitor
        assert visitor.faults == []
        assert [url for url in visitor.asked if not url.startswith(f"{demo.address}/")] == []
