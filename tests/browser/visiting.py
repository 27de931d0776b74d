"""A visitor of the dashboard: Chromium before the real service with the demo, and what passes between them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.test_starting import free_port

TIAOJIE = Path(sys.executable).with_name("tiaojie")
YEAR = "/?from=2020-01-01&to=2020-12-31"
HEAD = "head.lishui"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
]


@dataclass
class Demo:
    address: str
    passwords: dict[str, str]
    sessions: dict[str, str] = field(default_factory=dict)
    """What the page keeps of a sign-in, by username."""


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """The service as `make run` starts it, in a folder of its own; it greets once it listens."""
    port = free_port()
    command = [str(TIAOJIE), "demo", "--port", str(port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            greeting = iter(process.stdout)
            assert any(str(port) in line for line in greeting), "the demo did not start"
            lines = (folder / "var/demo-accounts.txt").read_text("utf-8").splitlines()
            accounts = [line.split() for line in lines]
            yield Demo(f"http://127.0.0.1:{port}", {username: password for _, _, username, password in accounts})
        finally:
            process.terminate()


@contextmanager
def running_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=SWITCHES)
        yield browser
        browser.close()


@dataclass
class Visitor:
    context: BrowserContext
    page: Page
    demo: Demo
    requests: list[Request] = field(default_factory=list)
    received_bytes: int = 0
    faults: list[str] = field(default_factory=list)
    """What the console and the page itself complain about, but for refusals of the service that a test provokes."""

    def watch(self) -> None:
        self.page.on("request", self._ask)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        network = self.context.new_cdp_session(self.page)
        network.on("Network.loadingFinished", self._count)
        network.send("Network.enable")

    def _ask(self, request: Request) -> None:
        self.requests.append(request)

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not text.startswith("Failed to load resource"):
            self.faults.append(text)

    def _count(self, event: dict[str, Any]) -> None:
        self.received_bytes += int(event["encodedDataLength"])

    @property
    def asked(self) -> list[str]:
        """Addresses of requests, without those of data that the page itself holds."""
        return [request.url for request in self.requests if not request.url.startswith(("data:", "blob:"))]

    def open(self, address: str = YEAR) -> None:
        self.page.goto(self.demo.address + address)

    def sign_in(self, username: str = HEAD) -> None:
        self.page.fill("#username", username)
        self.page.fill("#password", self.demo.passwords[username])
        self.page.keyboard.press("Enter")
        self.settle()

    def settle(self) -> None:
        """Until what was asked for is shown, or refused."""
        self.page.wait_for_selector('#figures[aria-busy="false"]', state="attached")

    def enter(self, address: str = YEAR, username: str = HEAD) -> Page:
        """As somebody who signed in before: once for all tests, since a password takes its time by intention."""
        kept = json.dumps(self._session(username))
        self.context.add_init_script(f"sessionStorage['tiaojie.session'] ??= {kept}")
        self.open(address)
        self.settle()
        return self.page

    def _session(self, username: str) -> str:
        if username not in self.demo.sessions:
            form: dict[str, str | float | bool] = {
                "grant_type": "password",
                "username": username,
                "password": self.demo.passwords[username],
            }
            tokens = self.context.request.post(f"{self.demo.address}/api/v1/oauth/token", form=form).json()
            kept = {"access": tokens["access_token"], "refresh": tokens["refresh_token"]}
            self.demo.sessions[username] = json.dumps(kept)
        return self.demo.sessions[username]

    def text(self, selector: str) -> str:
        return " ".join(self.page.inner_text(selector).split())


@contextmanager
def visiting(browser: Browser, demo: Demo, width: int = 1280, height: int = 900) -> Iterator[Visitor]:
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    context.set_default_timeout(20_000)
    visitor = Visitor(context, context.new_page(), demo)
    visitor.watch()
    try:
        yield visitor
    finally:
        context.close()
