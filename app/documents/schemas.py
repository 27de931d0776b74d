"""What is sent when a volume is closed."""

from pydantic import Field

from app.core.schemas import Strict
from app.core.text import Line, Name, Text
from app.documents.codes import Retention


class ArchiveIn(Strict):
    """归档. All of it may be left out where nothing required is missing."""

    retention: Retention = Retention.LONG
    statement: Text | None = Field(None, description="卷宗情况说明: what is missing, and why.")
    filer: Name | None = Field(None, description="立卷人; the caller, if not sent.")
    remark: Line | None = None
