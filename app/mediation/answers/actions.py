"""The steps that are open, and why the others are not."""

from typing import NotRequired

from typing_extensions import TypedDict

from app.intake.step_codes import Step


class ActionOut(TypedDict):
    step: Step
    allowed: bool
    reason: NotRequired[str]
    pointer: NotRequired[str]


class ActionList(TypedDict):
    items: list[ActionOut]
