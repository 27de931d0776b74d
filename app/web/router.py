"""The dashboard at `/` and its files: static, the same for everybody; all figures come through the API with a token."""

from fastapi import APIRouter, Request, Response

from app.core.problems import NotFound
from app.web.assets import Asset, assets, page

router = APIRouter(include_in_schema=False)

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
"""Nothing from elsewhere, no inline script or style, no HTML made from text; forms are read by the script alone."""
FOR_EVER = "public, max-age=31536000, immutable"


@router.api_route("/", methods=["GET", "HEAD"])
async def dashboard(request: Request) -> Response:
    return _served(request, page(), "no-cache", {"Content-Security-Policy": POLICY})


@router.api_route("/assets/{name}", methods=["GET", "HEAD"])
async def dashboard_asset(request: Request, name: str) -> Response:
    found = assets().get(name)
    if found is None:
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
