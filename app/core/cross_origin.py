"""Which pages of other servers may read figures in a browser: those named in the settings, and nothing but reading."""

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

METHODS = ("GET", "HEAD", "OPTIONS")
ASKED_WITH = ("Authorization", "If-None-Match")
SHOWN = ("ETag", "Content-Disposition", "Retry-After")


class CrossOrigin:
    """Around all but the paths it opens it is not there. Cookies play no part: a bearer token is sent by the page."""

    def __init__(self, app: ASGIApp, origins: Sequence[str], paths: Sequence[str]) -> None:
        self.app, self.paths = app, tuple(paths)
        self.opened = CORSMiddleware(app, origins, METHODS, ASKED_WITH, expose_headers=SHOWN)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_opened = scope["type"] == "http" and any(
            scope["path"] == path or scope["path"].startswith(f"{path}/") for path in self.paths
        )
        await (self.opened if is_opened else self.app)(scope, receive, send)
