"""The dashboard at `/` and its files: static, the same for everybody; all figures come through the API with a token.
And the page of the public figures at `/public`, where a setting publishes them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.core.locale import Language
from app.core.problems import NotFound
from app.core.route import guarded_router, public_read
from app.core.unit_of_work import Reading
from app.statistics.public_figures import public_tables
from app.web.assets import Asset, page, script, style_hash
from app.web.public_page import PublicPageQuery, public_html, public_style_hash

router = APIRouter(include_in_schema=False)
public_router = guarded_router(include_in_schema=False)

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'sha256-{style}'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
"""Nothing from elsewhere, no inline script, no style but the page's own, no HTML made from text; forms are read by the
script alone."""
FOR_EVER = "public, max-age=31536000, immutable"


@router.api_route("/", methods=["GET", "HEAD"])
async def dashboard(request: Request) -> Response:
    policy = POLICY.format(style=style_hash())
    return _served(request, page(), "no-cache", {"Content-Security-Policy": policy})


@public_router.get("/public")
async def public_page(
    query: Annotated[PublicPageQuery, Query()], reading: Annotated[Reading, public_read()]
) -> Response:
    tables = await public_tables(reading, query)
    html = public_html(tables, Language(query.lang or reading.asked.language), reading.today)
    return HTMLResponse(html, headers={"Content-Security-Policy": POLICY.format(style=public_style_hash())})


@router.api_route("/assets/{name}", methods=["GET", "HEAD"])
async def dashboard_script(request: Request, name: str) -> Response:
    known, found = script()
    if name != known:
        raise NotFound
    return _served(request, found, FOR_EVER, {})


def _served(request: Request, found: Asset, keeping: str, headers: dict[str, str]) -> Response:
    """Packed where the browser takes it; the two forms have ETags of their own, as RFC 9110 asks of strong ones."""
    is_packed = "gzip" in request.headers.get("accept-encoding", "")
    etag = f'"{found.digest}{"-gzip" if is_packed else ""}"'
    headers |= {"Cache-Control": keeping, "ETag": etag, "Vary": "Accept-Encoding"}
    if etag in [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    return Response(found.packed if is_packed else found.content, media_type=found.media_type, headers=headers)
