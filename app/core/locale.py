"""The reader's language: Chinese unless the request prefers English."""

from enum import StrEnum


class Language(StrEnum):
    ZH = "zh"
    EN = "en"

    @property
    def tag(self) -> str:
        return "zh-CN" if self is Language.ZH else "en"


def preferred_language(accept_language: str | None) -> Language:
    """English only where `Accept-Language` gives it more weight than Chinese (RFC 9110 §12.5.4)."""
    weights = {"zh": 0.0, "en": 0.0}
    for part in (accept_language or "").split(",")[:20]:
        tag, _, parameter = part.strip().partition(";")
        primary = tag.strip().lower().split("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], _weight(parameter))
    return Language.EN if weights["en"] > weights["zh"] else Language.ZH


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
