"""What is sent with a file, and the filter of a case's attachments."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.core.input_errors import rule
from app.core.schemas import MAX_VALUES, FormBody, Id, PageQuery, Several, WholeNumber
from app.core.text import Title
from app.core.uploads import Upload
from app.intake.attachment_codes import AttachmentKind, AttachmentSubject

rule("half_a_subject", "subject 与 subject_id 须同时提供", "subject and subject_id are sent together")


class AttachmentIn(FormBody):
    """The file and what it is. Its name and type as sent are not looked at."""

    id: Id | None = Field(None, description="Made by the client: the same file sent again is the same record.")
    file: Upload
    kind: AttachmentKind
    title: Title | None = Field(None, description="Names the download, and the paper in the index of the volume.")
    page_count: Annotated[WholeNumber, Field(ge=1, le=2000)] | None = None
    subject: AttachmentSubject | None = Field(None, description="What it belongs to; the case, if not sent.")
    subject_id: Id | None = None

    @model_validator(mode="after")
    def whole_subject(self) -> Self:
        if (self.subject is None) != (self.subject_id is None):
            raise PydanticCustomError("half_a_subject", "half a subject")
        return self


class AttachmentFilter(PageQuery):
    kind: Annotated[list[AttachmentKind] | None, Several, MAX_VALUES] = None
    subject_id: Id | None = None
