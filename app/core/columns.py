"""Column types that keep the engines alike: instants in UTC, codes as text, yuan as whole fen, personal text sealed."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Generic

import orjson
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB

from app.core.codes import C, member_of

Json = JSON().with_variant(JSONB(), "postgresql")


class AsWritten(TypeDecorator[Any]):
    """JSON that is read letter by letter as it was written: keys in their own order, on either engine."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


class Sealed(TypeDecorator[bytes]):
    """Text encrypted with the field key, of "table.column id": a rotation of the key opens it so."""

    impl = LargeBinary
    cache_ok = True


def holds_bytes(type_: Any) -> bool:
    return isinstance(type_, LargeBinary | Sealed)


class Instant(TypeDecorator[datetime]):
    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CodeText(TypeDecorator[C], Generic[C]):
    """One code of a table."""

    impl = String(40)
    cache_ok = True

    def __init__(self, codes: type[C]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: C | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(member_of(self.codes, value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> C | None:
        return None if value is None else member_of(self.codes, value)

    def __repr__(self) -> str:
        return "sa.String(length=40)"


class CodeSet(TypeDecorator[list[C]], Generic[C]):
    """Several codes in the order given, as `,a,b,`: one of them is found by `LIKE '%,a,%'` on either engine."""

    impl = String(1000)
    cache_ok = True

    def __init__(self, codes: type[C]) -> None:
        super().__init__()
        self.codes = codes

    def process_bind_param(self, value: Iterable[C] | str | None, dialect: Dialect) -> str | None:
        if value is None or isinstance(value, str):
            return value
        members = list(value)
        return f",{','.join(members)}," if members else ","

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[C] | None:
        return None if value is None else [member_of(self.codes, code) for code in value.split(",") if code]

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return String()


class Yuan(TypeDecorator[Decimal]):
    """An amount of money, exact: kept as whole fen."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((value * 100).to_integral_exact())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value) / 100
