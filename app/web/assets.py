"""The page as it is served: one script joined from small modules behind the library of charts, named by its content.

Three files make the page, so that it is there after two round trips; a name with the content's hash may be kept for
ever. Everything is packed once, when it is first asked for.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MODULES = ("dom", "texts", "session", "period", "labels", "figures", "cases", "cards", "drawing", "charts", "main")
"""In the order in which they import one another; top-level names are unique among them."""
CHARTS = files("chartkick").joinpath("django/static/chartkick/Chart.bundle.js")
"""Chart.js, as the wheel carries it."""
_OURS = files("app.web").joinpath("static")
_IMPORT = re.compile(r"^import [^;]+;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(async )?function|const|let|class)", re.MULTILINE)


@dataclass(frozen=True)
class Asset:
    media_type: str
    content: bytes
    packed: bytes
    digest: str


def asset(content: str, media_type: str) -> Asset:
    raw = content.encode()
    digest = hashlib.sha256(raw).hexdigest()[:20]
    return Asset(f"{media_type}; charset=utf-8", raw, gzip.compress(raw, 9, mtime=0), digest)


def joined() -> str:
    """Within one module file imports say what the editor and the reader need; here all stand in one scope."""
    parts = [_EXPORT.sub("", _IMPORT.sub("", _read(f"{name}.js"))) for name in MODULES]
    return "\n".join([CHARTS.read_text("utf-8"), *parts])


@cache
def assets() -> dict[str, Asset]:
    """By the name in their address."""
    script, style = asset(joined(), "text/javascript"), asset(_read("page.css"), "text/css")
    return {f"page.{script.digest}.js": script, f"page.{style.digest}.css": style}


@cache
def page() -> Asset:
    html = _read("page.html")
    for name in assets():
        html = html.replace(f"/assets/page.{name.rsplit('.', 1)[1]}", f"/assets/{name}")
    return asset(html, "text/html")


def _read(name: str) -> str:
    return _OURS.joinpath(name).read_text("utf-8")
