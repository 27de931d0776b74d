"""Who lives and works in a generated district: its places, committees, mediators, partner bodies and accounts.

All of it is plainly made up: places are called 示例…, people 张某甲, and codes from 900 on name no township.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from uuid import UUID

from asyncpg.pgproto import pgproto

from app.core.jurisdiction import Spot
from app.people.codes import CommitteeType, MediatorKind, OrganizationKind, Role
from app.places.codes import PlaceLevel, parent_of

Row = dict[str, Any]
SURNAMES = "张王李赵刘陈杨黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
STEMS = "甲乙丙丁戊己庚辛壬癸"
_RANDOM, _VERSION_7 = ~(0xF << 76 | 0x3 << 62), 0x7 << 76 | 0x2 << 62
_DIGITS = "零一二三四五六七八九"


class Ids:
    """Ids that the seed decides: the time of the record, as in every UUIDv7 of the register, then its random bits."""

    def __init__(self, chance: Random) -> None:
        self._bits = chance.getrandbits

    def new(self, at: datetime) -> UUID:
        """The driver's own kind of UUID, made and sent in a sixth of the time: forty are made a case."""
        bits = self._bits(80) & _RANDOM | _VERSION_7
        id: UUID = pgproto.UUID((int(at.timestamp() * 1000) << 80 | bits).to_bytes(16))
        return id


@dataclass(slots=True)
class Committee:
    id: UUID
    place: str
    name: str
    prefix: str
    mediators: list[UUID] = field(default_factory=list)
    clerk: tuple[UUID, str] = (UUID(int=0), "")
    """Account and role of who keeps its register."""


@dataclass(slots=True)
class Village:
    code: str
    name: str
    committee: Committee
    town: "Town"
    spot: dict[str, str]
    weight: float
    """How many disputes it has, beside the others."""
    luck: float
    """Share of its mediations that fail beyond the usual."""
    latest: tuple[UUID, list[date]] | None = None
    """The case accepted last, into which another may be merged, and the days of its steps."""


@dataclass(slots=True)
class Town:
    code: str
    name: str
    committee: Committee
    police: UUID
    villages: list[Village] = field(default_factory=list)


@dataclass
class District:
    code: str
    towns: list[Town] = field(default_factory=list)
    partners: dict[OrganizationKind, UUID] = field(default_factory=dict)
    places: list[Row] = field(default_factory=list)
    organizations: list[Row] = field(default_factory=list)
    mediators: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    """Without their passwords."""

    @property
    def villages(self) -> list[Village]:
        return [village for town in self.towns for village in town.villages]


PARTNERS = {
    OrganizationKind.COURT: "示例人民法院",
    OrganizationKind.LABOR_ARBITRATION: "示例劳动人事争议仲裁委员会",
    OrganizationKind.LAW_FIRM: "示例律师事务所",
}
_LIAISONS = {
    OrganizationKind.COURT: Role.LIAISON_COURT,
    OrganizationKind.LABOR_ARBITRATION: Role.LIAISON_ARBITRATION,
    OrganizationKind.LAW_FIRM: Role.LIAISON_LAWYER,
}


def numeral(number: int) -> str:
    """1 to 99, as villages are numbered."""
    tens, ones = divmod(number, 10)
    head = ("" if tens < 2 else _DIGITS[tens]) + "十" if tens else ""
    return head + (_DIGITS[ones] if ones else "")


def sample_name(chance: Random) -> str:
    return f"{chance.choice(SURNAMES)}某{chance.choice(STEMS)}"


class Founding:
    """Puts a district together, row by row."""

    def __init__(self, code: str, chance: Random, ids: Ids, on: datetime) -> None:
        self.district, self.chance, self.ids, self.on = District(code), chance, ids, on
        self.stamps = {"content_hash": "-", "version": 1, "recorded_at": on, "changed_at": on}

    def found(self, cases: int) -> District:
        """As many townships and villages as so many cases need: 200,000 cases come from 37 townships."""
        self._place(self.district.code, "示例区")
        for kind, name in PARTNERS.items():
            self.district.partners[kind] = self._organization(self.district.code, kind, name)
        for number in range(1, min(40, max(2, round(math.sqrt(cases) / 12))) + 1):
            self._town(number)
        self._accounts()
        return self.district

    def _town(self, number: int) -> None:
        code, name = f"{self.district.code[:6]}{899 + number}000", f"示例{numeral(number)}镇"
        self._place(code, name)
        police = self._organization(code, OrganizationKind.POLICE_STATION, f"{name}派出所")
        town = Town(code, name, self._committee(code, name, CommitteeType.TOWNSHIP, 4), police)
        self.district.towns.append(town)
        for count in range(1, self.chance.randint(5, 11)):
            self._village(town, count)

    def _village(self, town: Town, number: int) -> None:
        code, name = f"{town.code[:9]}{199 + number}", f"{town.name}{numeral(number)}村"
        self._place(code, name)
        committee = self._committee(code, name, CommitteeType.VILLAGE, 2)
        weight, luck = self.chance.lognormvariate(0, 0.6), self.chance.choice((0.0, 0.0, 0.02, 0.04, 0.08, 0.14))
        town.villages.append(Village(code, name, committee, town, Spot.of_place(code).columns, weight, luck))

    def _place(self, code: str, name: str) -> None:
        row = {"code": code, "district": code[:6], "name": name, "level": PlaceLevel.of(code)}
        valid = {"valid_from": datetime(2000, 1, 1, tzinfo=UTC).date(), "valid_to": None, "version": 1}
        self.district.places.append(row | valid | {"parent": parent_of(code)})

    def _organization(
        self,
        place: str,
        kind: OrganizationKind,
        name: str,
        committee: CommitteeType | None = None,
        prefix: str | None = None,
    ) -> UUID:
        id = self.ids.new(self.on)
        row = {"id": id, "district": place[:6], "place": place, "kind": kind, "committee_type": committee, "name": name}
        self.district.organizations.append(row | {"number_prefix": prefix, "retired_on": None} | self.stamps)
        return id

    def _committee(self, place: str, name: str, kind: CommitteeType, mediators: int) -> Committee:
        name, prefix = f"{name}人民调解委员会", f"{name}调"
        id = self._organization(place, OrganizationKind.MEDIATION_COMMITTEE, name, kind, prefix)
        committee = Committee(id, place, name, prefix)
        for number in range(mediators):
            row: Row = {"id": self.ids.new(self.on), "district": place[:6], "organization_id": id}
            kind_of = (
                MediatorKind.FULL_TIME if kind is CommitteeType.TOWNSHIP and number < 2 else MediatorKind.PART_TIME
            )
            row |= {"name": sample_name(self.chance), "kind": kind_of, "retired_on": None}
            self.district.mediators.append(row | self.stamps)
            committee.mediators.append(row["id"])
        return committee

    def _accounts(self) -> None:
        """A clerk for every township, who writes for its villages too; in the first one everybody has an account."""
        for number, town in enumerate(self.district.towns, start=1):
            clerk = self._account(
                Role.OFFICE_CLERK, f"clerk.town{number}", town.code, organization_id=town.committee.id
            )
            for committee in (town.committee, *(village.committee for village in town.villages)):
                committee.clerk = (clerk, str(Role.OFFICE_CLERK))
        first = self.district.towns[0]
        self._account(Role.OFFICE_HEAD, "head.town1", first.code, organization_id=first.committee.id)
        for number, village in enumerate(first.villages, start=1):
            committee = village.committee
            own = {"organization_id": committee.id, "mediator_id": committee.mediators[0]}
            id = self._account(Role.VILLAGE_MEDIATOR, f"mediator.village{number}", village.code, **own)
            committee.clerk = (id, str(Role.VILLAGE_MEDIATOR))
        self._account(Role.GRID_WORKER, "grid.village1", first.villages[0].code)
        self._account(Role.LIAISON_POLICE, "police.town1", self.district.code, organization_id=first.police)
        for kind, role in _LIAISONS.items():
            self._account(
                role, role.removeprefix("liaison_"), self.district.code, organization_id=self.district.partners[kind]
            )
        for role, username in (
            (Role.DISTRICT_STAT_VIEWER, "stat"),
            (Role.DISTRICT_ADMIN, "admin"),
            (Role.AUDITOR, "auditor"),
        ):
            self._account(role, username, self.district.code)

    def _account(self, role: Role, username: str, place: str, **of: UUID) -> UUID:
        row: Row = {
            "id": self.ids.new(self.on),
            "district": place[:6],
            "place": place,
            "username": username,
            "role": role,
        }
        links = {"organization_id": None, "mediator_id": None, "disabled_at": None, "name": sample_name(self.chance)}
        self.district.accounts.append(row | links | of | self.stamps)
        id: UUID = row["id"]
        return id


def founding_acts(district: District) -> Iterator[tuple[str, str | None, Row]]:
    """What the operator did, for the audit: action, kind of record, record."""
    yield "load_places", None, {"id": None}
    for row in district.organizations:
        yield "add_organization", "organization", row
    for row in district.mediators:
        yield "add_mediator", "mediator", row
    for row in district.accounts:
        yield "add_account", "account", row
