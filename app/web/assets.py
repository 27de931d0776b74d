"""The page as it is served: one script joined from small modules behind the library of charts, named by its content.

Two files make the page, so that it is there after two round trips: the script, whose name with its content's hash may
be kept for ever, and the page with its style inside. Both are packed once, when they are first asked for.
"""

import base64
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
STYLE = "/* page.css */"
"""Where the style comes in the page."""
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
def script() -> tuple[str, Asset]:
    """With the name in its address."""
    made = asset(joined(), "text/javascript")
    return f"page.{made.digest}.js", made


@cache
def page() -> Asset:
    html = _read("page.html").replace("page.js", script()[0]).replace(STYLE, _read("page.css"))
    return asset(html, "text/html")


@cache
def style_hash() -> str:
    """What a Content-Security-Policy allows the style in the page by."""
    return base64.b64encode(hashlib.sha256(_read("page.css").encode()).digest()).decode()


def _read(name: str) -> str:
    return _OURS.joinpath(name).read_text("utf-8")
