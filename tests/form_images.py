"""Pictures of the twelve forms and of the report, made by LibreOffice from a sample case: `make forms` writes them to
docs/img.

Needs `soffice` and `pdftoppm` (Debian: libreoffice-writer-nogui, poppler-utils, and fonts-arphic-uming and
fonts-noto-cjk, which stand in for 宋体 and 仿宋).
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from app.documents.codes import DocumentForm
from app.people.codes import Role
from tests.databases import migrate, sqlite_url
from tests.sample_volume import oral_case, whole_case
from tests.world import TOWN, opened_world

RESOLUTION = "56"
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include>
<alias binding="same"><family>宋体</family><prefer><family>AR PL UMing CN</family></prefer></alias>
<alias binding="same"><family>仿宋</family><prefer><family>Noto Serif CJK SC</family></prefer></alias>
<alias binding="same"><family>黑体</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
</fontconfig>"""


async def forms(folder: Path) -> list[Path]:
    """Of one case that went all the way, and of one with an oral agreement; and the report on both."""
    made = []
    async with opened_world(sqlite_url(folder / "register.db")) as world:
        head = await world.caller(Role.OFFICE_HEAD, TOWN)
        whole, oral = await whole_case(world, head), await oral_case(head)
        for form in DocumentForm:
            case_id = oral if form is DocumentForm.ORAL_AGREEMENT else whole
            reply = await head.get(f"/cases/{case_id}/documents/{form}")
            made.append(folder / f"{form.no:02}-{form}.docx")
            made[-1].write_bytes(reply.raise_for_status().content)
        reply = await head.get("/statistics/narrative/document", params={"year": "2020"})
        made.append(folder / "narrative.docx")
        made[-1].write_bytes(reply.raise_for_status().content)
    return made


def pictures(made: list[Path], folder: Path, images: Path) -> None:
    (folder / "fonts.conf").write_text(FONTS, "utf-8")
    environment = {**os.environ, "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    office = ["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run([*office, "--outdir", folder, *made], env=environment, check=True, timeout=300)
    images.mkdir(exist_ok=True)
    for form in made:
        first_page = ["-r", RESOLUTION, "-gray", "-png", "-f", "1", "-singlefile"]
        subprocess.run(
            ["pdftoppm", *first_page, form.with_suffix(".pdf"), images / f"form-{form.stem}"], check=True, timeout=60
        )


def main() -> None:
    if not (shutil.which("soffice") and shutil.which("pdftoppm")):
        sys.exit("需要 LibreOffice 和 poppler-utils。 LibreOffice and poppler-utils are needed.")
    with tempfile.TemporaryDirectory() as folder:
        migrate(sqlite_url(Path(folder) / "register.db"))
        made = asyncio.run(forms(Path(folder)))
        pictures(made, Path(folder), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
