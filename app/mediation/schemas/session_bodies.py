"""The bodies of a joint session as clients send them."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from app.core.schemas import Id, Strict
from app.core.text import Name


class SessionBodyIn(Strict):
    organization_id: Id
    spoken_by: Name = Field(description="Who spoke for it.")


def _each_once(bodies: list[SessionBodyIn]) -> list[SessionBodyIn]:
    if len({body.organization_id for body in bodies}) != len(bodies):
        raise PydanticCustomError("same_id_twice", "the same body twice")
    return bodies


SessionBodies = Annotated[list[SessionBodyIn], Field(max_length=20), AfterValidator(_each_once)]
"""一庭两所 and the like: the bodies that held a session together, with one record."""
