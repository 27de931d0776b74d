"""What pydantic found wrong, in our codes and in the reader's words; never the value that was sent."""

import re
from collections.abc import Iterable
from typing import Any

from app.core.problems import InputError, InvalidInput

_NAME = re.compile("[a-z][a-z0-9_]{0,39}")

# pydantic's error type → our code, Chinese, English. `{…}` are filled from the limits of the rule.
_WORDS: dict[str, tuple[str, str, str]] = {
    "missing": ("required", "必填", "is required"),
    "extra_forbidden": ("unknown-field", "没有这个字段", "there is no such field"),
    "string_type": ("not-text", "应为文本", "should be text"),
    "string_too_short": ("too-short", "至少 {min_length} 个字", "should have at least {min_length} characters"),
    "string_too_long": ("too-long", "最多 {max_length} 个字", "should have at most {max_length} characters"),
    "string_pattern_mismatch": ("malformed", "格式不对", "has the wrong form"),
    "blank": ("blank", "不能为空白", "should not be blank"),
    "illegal_character": (
        "illegal-character",
        "含有不能使用的字符（控制符、双向控制符等）",
        "has a character that is not allowed",
    ),
    "not_a_date": ("not-a-date", "应为存在的日期，如 2020-03-09", "should be a date that exists, such as 2020-03-09"),
    "date_too_early": ("date-too-early", "不能早于 1900-01-01", "should not be before 1900-01-01"),
    "date_in_future": ("date-in-future", "不能晚于今天（北京时间）", "should not be after today in Shanghai"),
    "date_too_late": ("date-too-late", "不能晚于 2100-12-31", "should not be after 2100-12-31"),
    "reversed_period": ("reversed-period", "起始日期晚于截止日期", "the period ends before it begins"),
    "not_an_id": ("not-an-id", "应为 36 位 UUID", "should be a UUID of 36 characters"),
    "not_money": ("not-money", '应为以元计的文本，如 "1200.00"', 'should be yuan as text, such as "1200.00"'),
    "enum": ("unknown-code", "不在代码表中，请查 /api/v1/codebook", "is not in the code table; see /api/v1/codebook"),
    "int_type": ("not-an-integer", "应为整数", "should be an integer"),
    "int_parsing": ("not-an-integer", "应为整数", "should be an integer"),
    "int_from_float": ("not-an-integer", "应为整数", "should be an integer"),
    "bool_type": ("not-a-boolean", "应为 true 或 false", "should be true or false"),
    "bool_parsing": ("not-a-boolean", "应为 true 或 false", "should be true or false"),
    "greater_than_equal": ("too-small", "不能小于 {ge}", "should be at least {ge}"),
    "less_than_equal": ("too-large", "不能大于 {le}", "should be at most {le}"),
    "too_short": ("too-few", "至少 {min_length} 项", "should have at least {min_length} items"),
    "too_long": ("too-many", "最多 {max_length} 项", "should have at most {max_length} items"),
    "list_type": ("not-a-list", "应为列表", "should be a list"),
    "model_attributes_type": ("not-an-object", "应为对象", "should be an object"),
    "model_type": ("not-an-object", "应为对象", "should be an object"),
    "dict_type": ("not-an-object", "应为对象", "should be an object"),
    "same_id_twice": ("same-id-twice", "同一 id 出现两次", "the same id stands twice"),
    "literal_error": ("unknown-code", "不在可选值之内", "is not one of the choices"),
}
_OTHER = ("invalid", "不符合要求", "is not acceptable")


def rule(kind: str, zh: str, en: str) -> None:
    """Declares the words of a rule that a feature's own validator raises as `PydanticCustomError(kind, …)`."""
    _WORDS[kind] = (kind.replace("_", "-"), zh, en)


def refuse_fields(kind: str, pointers: Iterable[str]) -> None:
    """422 for fields that are missing or do not belong where another field or the record says so; nothing if there
    are none."""
    code, zh, en = _WORDS[kind]
    if errors := [InputError(pointer, code, zh, en) for pointer in sorted(pointers)]:
        raise InvalidInput(errors=errors)


def input_errors(found: Any) -> list[InputError]:
    return [_one(error) for error in found[:50]]


def _one(error: dict[str, Any]) -> InputError:
    code, zh, en = _WORDS.get(error["type"], _OTHER)
    limits = error.get("ctx") or {}
    pointer = _pointer(error["loc"])
    return InputError(pointer, code, zh.format_map(_Limits(limits)), en.format_map(_Limits(limits)))


class _Limits(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "…"


def _pointer(location: tuple[Any, ...]) -> str:
    """`/parties/0/name` in the body, `query:limit` elsewhere.

    A name the sender made up stands only if it is plainly a name.
    """
    where, *path = location
    names = [str(part) if isinstance(part, int) or _NAME.fullmatch(str(part)) else "…" for part in path]
    return "".join(f"/{name}" for name in names) if where == "body" else f"{where}:{'/'.join(names)}"
