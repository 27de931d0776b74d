"""Gapless numbers: one row a series, taken in the transaction of what is numbered, so that a rollback gives it back."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, new_id
from app.core.dialects import Sender, upsert
from app.core.jurisdiction import Located, Spot
from app.core.walls import KERNEL


class NumberCounter(Located, Base):
    __tablename__ = "number_counters"
    __table_args__ = (Index("uq_number_counters_series", "district", "series", unique=True),)

    series: Mapped[str] = mapped_column(String(100))
    """What is counted: `case/<organization>/<year>`, `audit`."""
    value: Mapped[int]


async def take_numbers(sender: Sender, district: str, series: str, how_many: int = 1) -> int:
    """The first of `how_many` further numbers. Other takers of the series wait until this transaction ends."""
    spot = Spot.of_place(f"{district}000000")
    statement = upsert(sender, NumberCounter).values(id=new_id(), series=series, value=how_many, **spot.columns)
    statement = statement.on_conflict_do_update(
        index_elements=[NumberCounter.district, NumberCounter.series],
        set_={"value": NumberCounter.value + how_many},
    )
    counted = await sender.execute(statement.returning(NumberCounter.value), execution_options=KERNEL)
    last: int = counted.scalar_one()
    return last - how_many + 1
