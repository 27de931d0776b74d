"""Who may see and touch which rows. Every located row says where it belongs; every session says how far it reaches.

Three walls keep them apart: a criterion on every ORM statement, a check of every row before it is flushed, and, in the
tests, a guard that reads the SQL itself. What lies outside does not exist for the session.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Executable, ForeignKey, Index, String, Text, bindparam, false, select
from sqlalchemy.orm import Mapped, mapped_column, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

from app.core.columns import Instant
from app.core.db import Base, new_id


class Located:
    """A row that belongs to a place: its key and the three columns by which sessions are narrowed (never null)."""

    path_key: ClassVar[str | None] = None
    """The path parameter that names such a row, where one does."""
    part: ClassVar[str | None] = None
    """How the audit names a change of such a row within the record it belongs to."""
    of_kernel: ClassVar[bool] = False
    """Written by the kernel about a request: it belongs to the actor, wherever that is."""
    is_moving = False
    """Set by `move_case` alone, while the columns below change."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[str] = mapped_column(String(6))
    township: Mapped[str] = mapped_column(String(9))
    place: Mapped[str] = mapped_column(String(12))


class CaseBound(Located):
    """A located row that hangs on a case."""

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)


@dataclass(frozen=True)
class Spot:
    """The three location columns of a row."""

    district: str
    township: str
    place: str

    @classmethod
    def of_place(cls, code: str) -> "Spot":
        return cls(code[:6], code[:9], code)

    @classmethod
    def of(cls, row: Located) -> "Spot":
        return cls(row.district, row.township, row.place)

    @property
    def columns(self) -> dict[str, str]:
        return {"district": self.district, "township": self.township, "place": self.place}


@dataclass(frozen=True)
class Subtree:
    """A place and all below it, by one equality on the level of the place, but for cases its actor is barred from."""

    code: str
    barred: tuple[UUID, ...] = ()
    """Cases in which the actor's mediator has a conflict of interest: few, and of most actors none."""

    @property
    def level(self) -> str:
        if self.code.endswith("000000"):
            return "district"
        return "township" if self.code.endswith("000") else "place"

    @property
    def spot(self) -> Spot:
        return Spot.of_place(self.code)

    def contains(self, row: Located) -> bool:
        return self.reaches(Spot.of(row)) and getattr(row, "case_id", row.id) not in self.barred

    def reaches(self, spot: Spot) -> bool:
        own = self.spot
        return spot.district == own.district and getattr(spot, self.level) == getattr(own, self.level)

    @property
    def values(self) -> dict[str, str]:
        """What `PREPARED` is sent with."""
        own = {"at_district": self.code[:6]}
        return own if self.level == "district" else own | {"at_level": getattr(self.spot, self.level)}

    def criteria(self) -> list[ORMOption]:
        return self._within() + (self._not_barred() if self.barred else [])

    def _not_barred(self) -> list[ORMOption]:
        barred = self.barred
        hung = with_loader_criteria(CaseBound, lambda cls: cls.case_id.not_in(barred), include_aliases=True)
        cases = [model for model in located_models() if model.path_key == "case_id"]
        return [
            hung,
            *(with_loader_criteria(case, lambda cls: cls.id.not_in(barred), include_aliases=True) for case in cases),
        ]

    def _within(self) -> list[ORMOption]:
        district, value = self.spot.district, getattr(self.spot, self.level)
        if self.level == "district":
            return [with_loader_criteria(Located, lambda cls: cls.district == district, include_aliases=True)]
        if self.level == "township":
            return [
                with_loader_criteria(
                    Located, lambda cls: (cls.district == district) & (cls.township == value), include_aliases=True
                )
            ]
        return [
            with_loader_criteria(
                Located, lambda cls: (cls.district == district) & (cls.place == value), include_aliases=True
            )
        ]


_AT_DISTRICT: Any = bindparam("at_district", type_=String())
_AT_LEVEL: Any = bindparam("at_level", type_=String())
PREPARED: dict[str, ORMOption] = {
    "district": with_loader_criteria(Located, lambda cls: cls.district == _AT_DISTRICT, include_aliases=True),
    "township": with_loader_criteria(
        Located, lambda cls: (cls.district == _AT_DISTRICT) & (cls.township == _AT_LEVEL), include_aliases=True
    ),
    "place": with_loader_criteria(
        Located, lambda cls: (cls.district == _AT_DISTRICT) & (cls.place == _AT_LEVEL), include_aliases=True
    ),
}
"""The criterion of a subtree by its level, for statements that are built once and sent with `Subtree.values`."""


@dataclass(frozen=True)
class Granted:
    """What was referred to a partner organization: cases with a live grant, and what hangs on them. Reading only: an
    answer is written within `OneCase`."""

    district: str
    organization_id: UUID

    @property
    def spot(self) -> Spot:
        return Spot.of_place(f"{self.district}000000")

    def contains(self, row: Located) -> bool:
        return False

    def reaches(self, spot: Spot) -> bool:
        return False

    def criteria(self) -> list[ORMOption]:
        # Lambdas, as in a subtree: a plain expression names the table even where a joined alias stands.
        return [with_loader_criteria(model, self._of(model), include_aliases=True) for model in located_models()]

    def _of(self, model: type[Located]) -> Callable[[Any], Any]:
        district, organization_id = self.district, self.organization_id
        cases = (
            select(CaseGrant.case_id)
            .where(CaseGrant.district == district, CaseGrant.organization_id == organization_id)
            .where(CaseGrant.ended_at.is_(None))
        )
        if model is CaseGrant:
            return lambda cls: (cls.district == district) & (cls.organization_id == organization_id)
        if issubclass(model, CaseBound):
            return lambda cls: (cls.district == district) & cls.case_id.in_(cases)
        if model.path_key == "case_id":
            return lambda cls: (cls.district == district) & cls.id.in_(cases)
        return lambda cls: false()


@dataclass(frozen=True)
class OneCase:
    """One case and what hangs on it, to change too: as far as the answer of a partner body reaches."""

    district: str
    case_id: UUID

    @property
    def spot(self) -> Spot:
        return Spot.of_place(f"{self.district}000000")

    def contains(self, row: Located) -> bool:
        return row.district == self.district and getattr(row, "case_id", row.id) == self.case_id

    def reaches(self, spot: Spot) -> bool:
        return False

    def criteria(self) -> list[ORMOption]:
        return [with_loader_criteria(model, self._of(model), include_aliases=True) for model in located_models()]

    def _of(self, model: type[Located]) -> Callable[[Any], Any]:
        district, case_id = self.district, self.case_id
        if issubclass(model, CaseBound):
            return lambda cls: (cls.district == district) & (cls.case_id == case_id)
        if model.path_key == "case_id":
            return lambda cls: (cls.district == district) & (cls.id == case_id)
        return lambda cls: false()


@dataclass(frozen=True)
class Everywhere:
    """No narrowing: commands of the operator on this machine, and look-ups of the kernel before anybody is known."""

    code: str = "000000000000"

    @property
    def spot(self) -> Spot:
        return Spot.of_place(self.code)

    def contains(self, row: Located) -> bool:
        return True

    def reaches(self, spot: Spot) -> bool:
        return True

    def criteria(self) -> list[ORMOption]:
        return []


Jurisdiction = Subtree | Granted | OneCase | Everywhere


class CaseGrant(CaseBound, Base):
    """A partner organization may read a case from its referral until recall or return."""

    __tablename__ = "case_grants"
    __table_args__ = (Index("ix_case_grants_organization", "district", "organization_id", "ended_at"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"))
    mediation_id: Mapped[UUID] = mapped_column(ForeignKey("mediations.id"))
    granted_at: Mapped[Any] = mapped_column(Instant)
    ended_at: Mapped[Any | None] = mapped_column(Instant)


class CaseConflict(CaseBound, Base):
    """A mediator is related to a party: until this is withdrawn the case does not exist for the mediator's account."""

    __tablename__ = "case_conflicts"
    __table_args__ = (Index("ix_case_conflicts_mediator", "district", "mediator_id"),)
    path_key: ClassVar[str] = "conflict_id"
    decides_actors: ClassVar[bool] = True
    part: ClassVar[str] = "conflicts"
    audit_name: ClassVar[str] = "conflict"

    mediator_id: Mapped[UUID] = mapped_column(ForeignKey("mediators.id"))
    party_id: Mapped[UUID | None]
    relation: Mapped[str] = mapped_column(String(40))
    note: Mapped[str | None] = mapped_column(Text)
    declared_at: Mapped[Any] = mapped_column(Instant)
    declared_by: Mapped[UUID | None]
    ended_at: Mapped[Any | None] = mapped_column(Instant)
    ended_by: Mapped[UUID | None]
    ended_because: Mapped[str | None] = mapped_column(String(500))


def located_models() -> list[type[Located]]:
    return [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Located)]


def located_tables() -> set[str]:
    return {model.__tablename__ for model in located_models()}  # type: ignore[attr-defined]


PathSubject = Callable[[str, UUID], Executable]
"""Given the actor's district and an id, a statement that finds the record if it is visible."""

PATH_SUBJECTS: dict[str, PathSubject] = {}
"""Path parameters that name records which are not located; located ones are found by `Located.path_key`."""


def path_subject(name: str) -> PathSubject | None:
    if name in PATH_SUBJECTS:
        return PATH_SUBJECTS[name]
    for model in located_models():
        if model.path_key == name:
            return lambda district, id: select(model.id).where(model.id == id)
    return None
