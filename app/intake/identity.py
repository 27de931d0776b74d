"""Identity numbers and phones: checked on the way in, sealed at rest, matched by keyed hash, masked on the way out."""

from collections.abc import Callable
from datetime import date
from typing import Any

from app.core.clock import today
from app.core.crypto import FieldKey
from app.core.input_errors import rule
from app.core.resealing import LOOKUPS, Texts
from app.intake.codes import IdKind

rule(
    "wrong_check_digit", "证件号码校验不通过，请核对", "the number's check digit is wrong; compare it with the document"
)
rule(
    "wrong_birth_date",
    "证件号码中的出生日期不存在或晚于今天",
    "the birth date in the number does not exist or lies ahead",
)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DIGITS = frozenset("0123456789")


def fault_of_number(kind: IdKind, number: str) -> str | None:
    """The rule that the number breaks, or None. The prefix is not tied to the district: codes change over a life."""
    check = _CHECKS.get(kind)
    return check(number) if check else None


def _resident_fault(number: str) -> str | None:
    """GB 11643-1999."""
    if len(number) != 18 or not _DIGITS.issuperset(number[:17]) or number[17] not in _DIGITS | {"X"}:
        return "malformed_number"
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    if "10X98765432"[total % 11] != number[17]:
        return "wrong_check_digit"
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "wrong_birth_date"
    return "wrong_birth_date" if born > today() else None


def _credit_code_fault(number: str) -> str | None:
    """GB 32100-2015."""
    if len(number) != 18 or any(character not in _USCC_ALPHABET for character in number):
        return "malformed_number"
    total = sum(_USCC_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(number[:17]))
    return None if _USCC_ALPHABET[(31 - total % 31) % 31] == number[17] else "wrong_check_digit"


rule("malformed_number", "证件号码格式不对", "the number has the wrong form")
_CHECKS: dict[IdKind, Callable[[str], str | None]] = {
    IdKind.RESIDENT_ID: _resident_fault,
    IdKind.USCC: _credit_code_fault,
}


def mask_number(number: str) -> str:
    """`500114********0010`; of a short number the last two characters stand."""
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    return "*" * (len(number) - 2) + number[-2:]


def mask_phone(phone: str) -> str:
    """`138****1234`."""
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]


def seal(key: FieldKey, column: str, row_id: object, text: str | None) -> bytes | None:
    return None if text is None else key.encrypt(text, of=f"parties.{column} {row_id}")


def unseal(key: FieldKey, column: str, row_id: object, sealed: bytes | None) -> str | None:
    return None if sealed is None else key.decrypt(sealed, of=f"parties.{column} {row_id}")


def number_hash(key: FieldKey, kind: IdKind | None, number: str | None) -> str | None:
    return None if number is None else key.hash("id_number", [kind, number])


def phone_hash(key: FieldKey, phone: str | None) -> str | None:
    return None if phone is None else key.hash("phone", phone)


def number_hashes(key: FieldKey, kind: IdKind, number: str) -> list[str]:
    """For a look-up: while the key is being changed, a row may still have the hash of an older one."""
    return key.hashes("id_number", [kind, number])


def phone_hashes(key: FieldKey, phone: str) -> list[str]:
    return key.hashes("phone", phone)


def _lookups(key: FieldKey, party: Any, texts: Texts) -> dict[str, str | None]:
    return {
        "id_number_hash": number_hash(key, party.id_kind, texts["id_number"]),
        "phone_hash": phone_hash(key, texts["phone"]),
    }


LOOKUPS["parties"] = _lookups
