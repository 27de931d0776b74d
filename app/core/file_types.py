"""Which files are taken, told from their content alone: what the client calls a file is not believed.

What is not on the list (pages, drawings that may hold scripts, programs, archives) is refused. Even what is taken is
only ever given back as a download (`core.route`).
"""

import io
import zipfile
import zlib

from app.core.codes import Code
from app.core.problems import Problem

HEAD = 64
"""Bytes by which a type is told."""
_MAX_ENTRIES, _MAX_UNPACKED, _MAX_RATIO = 1000, 100 * 1024 * 1024, 100


class FileType(Code, table="file_type"):
    PDF = "pdf", "PDF 文件", "PDF"
    OFD = "ofd", "OFD 版式文件", "OFD (GB/T 33190)"
    DOCX = "docx", "Word 文档", "Word document"
    XLSX = "xlsx", "Excel 表格", "Excel workbook"
    JPG = "jpg", "JPEG 图片", "JPEG picture"
    PNG = "png", "PNG 图片", "PNG picture"
    HEIC = "heic", "HEIC 图片", "HEIC picture"
    MP3 = "mp3", "MP3 录音", "MP3 recording"
    M4A = "m4a", "M4A 录音", "M4A recording"
    AMR = "amr", "AMR 录音", "AMR recording"
    MP4 = "mp4", "MP4 录像", "MP4 video"

    @property
    def is_picture(self) -> bool:
        return self in {FileType.JPG, FileType.PNG, FileType.HEIC}


class FileTypeNotAccepted(Problem):
    status, code = 415, "file-type-not-accepted"
    zh = "只收 {accepted}；类型按内容判断，与文件名无关。旧版 Word、WPS 文件请另存为 docx 或 PDF 后上传。"
    en = "Only {accepted} are taken, told by content, whatever the file is called. Save older Word or WPS files as docx or PDF."  # noqa: E501


class FileNotSound(Problem):
    status, code = 422, "file-not-sound"
    zh = "文件已损坏、加密、含宏或压缩得异常。请用原软件重新保存后上传。"
    en = "The file is damaged, encrypted, holds macros or is packed in an unusual way. Save it anew and send that."


_SIGNATURES = (
    (b"%PDF-", FileType.PDF),
    (b"\x89PNG\r\n\x1a\n", FileType.PNG),
    (b"\xff\xd8\xff", FileType.JPG),
    (b"ID3", FileType.MP3),
    (b"#!AMR", FileType.AMR),
)
_BRANDS = {
    FileType.HEIC: {b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"heim", b"heis"},
    FileType.M4A: {b"M4A ", b"M4B "},
    FileType.MP4: {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"qt  "},
}
_MAIN_PARTS = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": FileType.DOCX,
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": FileType.XLSX,
}


def is_packed(head: bytes) -> bool:
    """Whether all of it is needed to tell what it is."""
    return head.startswith(b"PK\x03\x04")


def type_by_head(head: bytes) -> FileType:
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head[4:8] == b"ftyp":
        for kind, brands in _BRANDS.items():
            if head[8:12] in brands:
                return kind
    if len(head) > 4 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:  # a frame of MPEG layer III
        return FileType.MP3
    raise _not_accepted()


def type_of_package(content: bytes) -> FileType:
    """An office document: read through within limits, so that what it declares of itself is true."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _type_of(package)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise FileNotSound from None


def _type_of(package: zipfile.ZipFile) -> FileType:
    entries = package.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > _MAX_ENTRIES or unpacked > _MAX_UNPACKED or unpacked > _MAX_RATIO * max(packed, 1):
        raise FileNotSound
    names = {entry.filename for entry in entries}
    if len(names) != len(entries) or any(_is_unsafe(name) for name in names):
        raise FileNotSound
    for entry in entries:
        _read_through(package, entry)
    if "OFD.xml" in names:
        return FileType.OFD
    if "[Content_Types].xml" not in names:
        raise _not_accepted()
    types = package.read("[Content_Types].xml")
    for main, kind in _MAIN_PARTS.items():
        if main in types:
            return kind
    raise _not_accepted()


def _is_unsafe(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in name or "vbaproject" in name.lower()


def _read_through(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No more than its declared size is ever unpacked, and its checksum must agree."""
    with package.open(entry) as file:
        while file.read(1024 * 1024):
            pass


def _not_accepted() -> FileTypeNotAccepted:
    kinds = [kind.value for kind in FileType]
    return FileTypeNotAccepted(accepted=("、".join(kinds), ", ".join(kinds)))
