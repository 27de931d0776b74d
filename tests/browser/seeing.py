"""Can everybody use it: what a page does wrong by WCAG 2.2 AA, as far as a program can tell."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

FAULTS = Path(__file__).with_name("faults.js").read_text("utf-8")


def faults_of(page: Page) -> list[str]:
    found: list[str] = page.evaluate(FAULTS)
    return found + nameless(page)


def nameless(page: Page) -> list[str]:
    """What can be reached by keyboard and has no name in Chromium's own accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        f"{_value(node, 'role')} without a name"
        for node in nodes
        if not node.get("ignored") and _is_focusable(node) and not _value(node, "name")
    ]


def _is_focusable(node: dict[str, Any]) -> bool:
    is_page = _value(node, "role") in {"RootWebArea", "main"}
    return not is_page and any(p["name"] == "focusable" and p["value"]["value"] for p in node.get("properties", []))


def _value(node: dict[str, Any], name: str) -> Any:
    return node.get(name, {}).get("value")
