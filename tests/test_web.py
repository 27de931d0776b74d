"""The files of the dashboard as they are served; what they do in a browser is tried by `make browser`."""

import gzip
import re
from pathlib import Path

import httpx
import pytest

from app.routes import PAGES
from app.web.assets import MODULES
from tests.world import World

STATIC = Path("app/web/static")
NAMED = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
IMPORTED = re.compile(r"^import \{ ([^}]+) \} from \"\./(\w+)\.js\";$", re.MULTILINE)
SAME_ON_BOTH = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def opened(world: World) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(world.app), base_url="http://tests")


@SAME_ON_BOTH
async def test_the_page_trusts_nothing_but_its_own_files(world: World) -> None:
    async with opened(world) as client:
        page = await client.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert re.search(r"<script(?! type=\"module\" src=\"/assets/)|\sstyle=|\son\w+=", page.text) is None
    assert re.findall(r"(?:src|href)=\"(?!/assets/|#|data:)([^\"]+)", page.text) == []


@SAME_ON_BOTH
async def test_a_browser_keeps_the_script_and_asks_for_the_page_again(world: World) -> None:
    async with opened(world) as client:
        page = await client.get("/")
        script = (re.findall(r"/assets/page\.\w+\.js", page.text))[0]
        packed, plain = await client.get(script), await client.get(script, headers={"Accept-Encoding": "identity"})
        known = await client.get("/", headers={"If-None-Match": page.headers["etag"]})
        head = await client.head("/")
        missing = await client.get("/assets/page.00000000000000000000.js")
    assert page.headers["cache-control"] == "no-cache"
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.text == plain.text
    assert packed.headers["etag"] != plain.headers["etag"]
    assert (known.status_code, known.content) == (304, b"")
    assert (head.status_code, head.content) == (200, b"")
    assert (missing.status_code, missing.json()["code"]) == (404, "not-found")
    assert len(gzip.compress(plain.content)) < 200_000


def test_pages_say_why_they_ask_for_no_permission() -> None:
    assert all(len(reason) > 10 for _, reason in PAGES)
    assert not any(route.include_in_schema for router, _ in PAGES for route in router.routes)  # type: ignore[attr-defined]


def test_modules_can_stand_in_one_script() -> None:
    """They are joined in their order: no name twice, and nothing from a later one."""
    assert {path.stem for path in STATIC.glob("*.js")} == set(MODULES)
    named: dict[str, str] = {}
    for position, module in enumerate(MODULES):
        text = (STATIC / f"{module}.js").read_text("utf-8")
        for names, source in IMPORTED.findall(text):
            assert source in MODULES[:position], f"{module} imports {source}"
            assert {named.get(name.strip()) for name in names.split(",")} == {source}
        assert len(IMPORTED.findall(text)) == text.count("import {")
        for name in NAMED.findall(text):
            assert named.setdefault(name, module) == module, f"{name} stands in {module} and {named[name]}"
        unused = [n for names, _ in IMPORTED.findall(text) for n in names.split(", ") if text.count(n.strip()) < 2]
        assert unused == []


def test_words_of_the_page_are_there_in_both_languages() -> None:
    texts = (STATIC / "texts.js").read_text("utf-8")
    table = dict(re.findall(r"^  (\w+): \[(.+)\],$", texts, re.MULTILINE))
    sources = "".join(path.read_text("utf-8") for path in STATIC.iterdir())
    asked = set(re.findall(r"say\(\"(\w+)\"", sources)) | set(re.findall(r"data-(?:text|label)=\"(\w+)\"", sources))
    asked |= {name for name in table if re.search(rf"^  {name}: \(", sources, re.MULTILINE)}
    asked |= {"category", "method", "place", "categoryTitle", "methodTitle", "placeTitle"}
    assert asked == set(table)
    assert [name for name, pair in table.items() if len(re.findall(r"\"[^\"]+\"", pair)) != 2] == []


def test_no_file_is_long_and_none_names_another_server() -> None:
    for path in STATIC.iterdir():
        text = path.read_text("utf-8")
        assert len(text.splitlines()) <= 300, path
        assert set(re.findall(r"https?://[^/'\"\s]+", text)) <= {"http://www.w3.org"}, path
        assert re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text) is None, path
