"""Pictures of the dashboard with the demo year at three widths, in few colours: `make screenshots` writes them to
docs/img."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.browser.visiting import running_chromium, running_demo, visiting

WIDTHS = (375, 1280, 1920)
COLOURS, MOST_BYTES = 64, 200_000


def picture(png: bytes) -> bytes:
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as place, running_demo(Path(place)) as demo, running_chromium() as browser:
        for width in WIDTHS:
            with visiting(browser, demo, width) as visitor:
                page = visitor.enter()
                made = picture(page.screenshot(full_page=True))
                assert len(made) < MOST_BYTES, f"{width}: {len(made)} bytes"
                (folder / f"dashboard-{width}.png").write_bytes(made)
                print(f"dashboard-{width}.png: {len(made) // 1000} KB")


if __name__ == "__main__":
    main()
