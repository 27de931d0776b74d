"""The three walls around a jurisdiction, each tried from inside: criterion, row check, and the guard of the tests."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, exists, func, insert, literal, literal_column, select, text, union_all, update
from sqlalchemy.orm import aliased

from app.core.auth import OPERATOR, Actor, Permission
from app.core.counters import NumberCounter
from app.core.db import Base
from app.core.dialects import upsert
from app.core.jurisdiction import CaseBound, CaseGrant, Everywhere, Granted, Jurisdiction, OneCase, Spot, Subtree
from app.core.unit_of_work import Asked, Reading, Work, opened
from app.core.walls import COUNTING, KERNEL, OutsideJurisdiction
from app.intake.models import Case, CaseStep, Party
from app.mediation.models import Mediation, Referral
from app.people.codes import OrganizationKind, Role
from app.places.models import Place
from tests.guard import UnnarrowedStatement, missing_predicates
from tests.world import (
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_DISTRICT_TOWN,
    OTHER_TOWN,
    OTHER_TOWN_VILLAGE,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    World,
    accepted_case,
    organization,
    round_of,
    started_round,
)

VISIBLE: dict[str, set[str]] = {
    VILLAGE: {VILLAGE},
    TOWN: {VILLAGE, OTHER_VILLAGE},
    DISTRICT: {VILLAGE, OTHER_VILLAGE, OTHER_TOWN_VILLAGE},
    OTHER_DISTRICT: {OTHER_DISTRICT_TOWN},
    "granted": {VILLAGE},
    "one case": {VILLAGE},
    "town, barred from the village's case": {OTHER_VILLAGE},
    "town, barred from both": set(),
    "partner without a grant": set(),
}
"""Places of the cases that each jurisdiction shows, of one case at each place."""


BARRED = {
    "town, barred from the village's case": (VILLAGE,),
    "town, barred from both": (VILLAGE, OTHER_VILLAGE),
}


class Register:
    """One accepted case with a round at each of four places; the village's round was referred to the police."""

    def __init__(self, world: World, police: UUID) -> None:
        self.world, self.police = world, police
        self.cases: dict[str, UUID] = {}

    def jurisdiction(self, name: str) -> Jurisdiction:
        if name == "granted":
            return Granted(DISTRICT[:6], self.police)
        if name == "one case":
            return OneCase(DISTRICT[:6], self.cases[VILLAGE])
        if name in BARRED:
            return Subtree(TOWN, tuple(self.cases[place] for place in BARRED[name]))
        return Subtree(name) if name.isdigit() else Granted(DISTRICT[:6], uuid4())

    @asynccontextmanager
    async def reading(self, name: str) -> AsyncIterator[Any]:
        reading = Reading(self.world.kernel, actor(self.jurisdiction(name)), Asked("test_walls"))
        async with opened(reading):
            yield reading.session

    @asynccontextmanager
    async def working(self, name: str) -> AsyncIterator[Work]:
        """Leaves nothing behind without a commit."""
        work = Work(self.world.kernel, actor(self.jurisdiction(name)), Asked("test_walls"))
        async with opened(work):
            yield work


def actor(jurisdiction: Jurisdiction) -> Actor:
    return Actor(uuid4(), Role.OFFICE_CLERK, jurisdiction, frozenset(Permission))


@pytest.fixture
async def register(world: World) -> Register:
    police = await organization(world, OTHER_TOWN, kind=OrganizationKind.POLICE_STATION)
    made = Register(world, police)
    for town, place in (
        (TOWN, VILLAGE),
        (TOWN, OTHER_VILLAGE),
        (OTHER_TOWN, OTHER_TOWN_VILLAGE),
        (OTHER_DISTRICT_TOWN, OTHER_DISTRICT_TOWN),
    ):
        clerk = await world.caller(Role.OFFICE_CLERK, town)
        accepted = await accepted_case(clerk, place, title="-")
        referral = round_of("police")["referral"] | ({"partner_id": str(police)} if place == VILLAGE else {})
        await started_round(clerk, accepted["id"], "police", referral=referral)
        made.cases[place] = UUID(accepted["id"])
    return made


OTHER, THIRD = aliased(Case, name="other"), aliased(Case, name="third")
COMMON = select(Case.id, Case.place).cte("common")
SUB = select(Case.place).where(Case.title == "-").subquery()

SELECTS: dict[str, Callable[[], Any]] = {
    "columns": lambda: select(Case.place),
    "entity": lambda: select(Case).with_only_columns(Case.place),
    "hung on a case": lambda: select(Party.place).distinct(),
    "alias": lambda: select(OTHER.place),
    "two aliases": lambda: select(OTHER.place).join(THIRD, THIRD.id == OTHER.id),
    "join": lambda: select(Case.place).join(Party, Party.case_id == Case.id).distinct(),
    "joined alone": lambda: select(Case.place).select_from(Place).join(Case, Case.place == Place.code),
    "outer join": lambda: select(Case.place).outerjoin(Mediation, Mediation.case_id == Case.id),
    "outer joined": lambda: (
        select(Case.place).select_from(Place).outerjoin(Case, Case.place == Place.code).where(Case.id.is_not(None))
    ),
    "three tables": lambda: (
        select(Case.place)
        .join(Mediation, Mediation.case_id == Case.id)
        .join(Referral, Referral.mediation_id == Mediation.id)
    ),
    "comma": lambda: select(Case.place).where(Case.id == OTHER.id),
    "exists": lambda: select(Place.code).where(select(Case.id).where(Case.place == Place.code).exists()),
    "in": lambda: select(Place.code).where(Place.code.in_(select(Case.place))),
    "scalar": lambda: select(Place.code).where(
        select(func.count(Case.id)).where(Case.place == Place.code).scalar_subquery() > 0
    ),
    "subquery": lambda: select(SUB.c.place),
    "common table": lambda: select(COMMON.c.place),
    "union": lambda: union_all(select(Case.place), select(OTHER.place).where(OTHER.title == "none")),
}
COUNTS: dict[str, Callable[[], Any]] = {
    "of rows": lambda: select(func.count()).select_from(Case),
    "of a column": lambda: select(func.count(Case.id)),
    "without from": lambda: select(func.count()).where(Case.id.is_not(None)),
    "distinct": lambda: select(func.count(Party.case_id.distinct())),
    "alias": lambda: select(func.count()).select_from(OTHER),
    "subquery": lambda: select(func.count()).select_from(SUB),
    "grouped": lambda: select(func.sum(select(func.count(Case.id)).group_by(Case.title).scalar_subquery())),
}


@pytest.mark.parametrize("name", list(VISIBLE))
async def test_the_criterion_reaches_every_form_of_statement(register: Register, name: str) -> None:
    async with register.reading(name) as session:
        for form, statement in SELECTS.items():
            assert sorted(await session.scalars(statement())) == sorted(VISIBLE[name]), form
        for form, statement in COUNTS.items():
            assert (await session.scalar(statement()) or 0) == len(VISIBLE[name]), form
        for place, case_id in register.cases.items():
            found = await session.get(Case, case_id)
            assert (found is not None) == (place in VISIBLE[name])
        assert {row.place for row in await session.scalars(select(Case))} == VISIBLE[name]
    async with register.working(name) as work:
        locked = await work.session.scalars(select(Case.place).with_for_update())
        assert set(locked) == VISIBLE[name]
        changed: Any = await work.session.execute(update(Case).values(title="x"))
        assert changed.rowcount == len(VISIBLE[name])
        gone: Any = await work.session.execute(delete(CaseStep).where(CaseStep.seq == 1))
        assert gone.rowcount == len(VISIBLE[name])
    assert not [mapper for mapper in Base.registry.mappers if mapper.relationships], "try has() and any() here"


async def test_each_partner_sees_its_own_grants_while_they_live(register: Register) -> None:
    """One after another in one process: nothing of a statement remembers whom it was narrowed for."""
    shown = []
    one_after_another = ("granted", "partner without a grant", VILLAGE, "granted", TOWN, *BARRED, TOWN, *BARRED)
    for name in one_after_another:
        async with register.reading(name) as session:
            shown.append(set(await session.scalars(select(Case.place))))
    assert shown == [VISIBLE[name] for name in one_after_another]
    async with register.working(VILLAGE) as work:
        await work.session.execute(update(CaseGrant).values(ended_at=work.now))
        await work.session.commit()
    async with register.reading("granted") as session:
        assert list(await session.scalars(select(Case.place))) == []
        assert list(await session.scalars(select(Party.place))) == []


async def test_what_hangs_on_a_barred_case_is_neither_shown_nor_flushed(register: Register) -> None:
    name = "town, barred from the village's case"
    own = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, CaseBound)]
    assert len(own) > 10
    async with register.reading(name) as session:
        for model in own:
            bound: Any = model
            found = set(await session.scalars(select(bound.case_id)))
            assert register.cases[VILLAGE] not in found, model
        counted = select(func.count(Case.id))
        assert await session.scalar(counted) == 1
        assert await session.scalar(counted, execution_options=COUNTING) == 2, "figures are the same for every reader"
    of_the_case: list[Any] = [
        select(Case).where(Case.id == register.cases[VILLAGE]),
        select(Party).where(Party.case_id == register.cases[VILLAGE]).limit(1),
    ]
    for statement in of_the_case:
        async with register.working(name) as work:
            await work.session.delete(await work.session.scalar(statement, execution_options=KERNEL))
            with pytest.raises(OutsideJurisdiction):
                await work.session.flush()


def counter(place: str, **fields: Any) -> NumberCounter:
    return NumberCounter(id=uuid4(), series="test", value=1, **Spot.of_place(place).columns, **fields)


async def everywhere(work: Work, case_id: UUID) -> Case:
    """A row of any place in the session's hands, as only the kernel could bring it there."""
    found = await work.session.scalar(select(Case).where(Case.id == case_id), execution_options=KERNEL)
    assert found is not None
    return found


@pytest.mark.parametrize("name", [VILLAGE, TOWN, DISTRICT, "granted", "one case"])
async def test_no_row_outside_is_flushed(register: Register, name: str) -> None:
    outside = [place for place in register.cases if name == "granted" or place not in VISIBLE[name]]
    for place in outside:
        case_id = register.cases[place]
        async with register.working(name) as work:
            work.session.add(counter(place))
            with pytest.raises(OutsideJurisdiction):
                await work.session.flush()
        async with register.working(name) as work:
            (await everywhere(work, case_id)).title = "x"
            with pytest.raises(OutsideJurisdiction):
                await work.session.flush()
        async with register.working(name) as work:
            await work.session.delete(await everywhere(work, case_id))
            with pytest.raises(OutsideJurisdiction):
                await work.session.flush()
        async with register.working(name) as work:
            with pytest.raises(OutsideJurisdiction):
                await work.insert(NumberCounter, [{"series": "t", "value": 1, **Spot.of_place(place).columns}])


async def test_a_row_inside_is_flushed_but_not_moved(register: Register) -> None:
    async with register.working(TOWN) as work:
        work.session.add(counter(OTHER_VILLAGE))
        await work.insert(NumberCounter, [{"series": "t", "value": 1, **Spot.of_place(VILLAGE).columns}])
        await work.session.flush()
        found = await work.session.get_one(Case, register.cases[VILLAGE])
        found.title = "x"
        await work.session.flush()
        found.place = OTHER_VILLAGE
        with pytest.raises(OutsideJurisdiction, match="move_case"):
            await work.session.flush()
    async with register.working(TOWN) as work:
        found = await work.session.get_one(Case, register.cases[VILLAGE])
        found.place, found.township = OTHER_TOWN_VILLAGE, OTHER_TOWN[:9]
        with pytest.raises(OutsideJurisdiction):
            await work.session.flush()


async def test_an_insert_with_one_row_outside_inserts_none(register: Register) -> None:
    rows = [{"series": p, "value": 1, **Spot.of_place(p).columns} for p in (VILLAGE, OTHER_VILLAGE)]
    async with register.working(VILLAGE) as work:
        with pytest.raises(OutsideJurisdiction):
            await work.insert(NumberCounter, rows)
        made = select(func.count()).select_from(NumberCounter).where(NumberCounter.series.in_([VILLAGE, OTHER_VILLAGE]))
        assert await work.session.scalar(made) == 0


async def test_a_creation_outside_is_not_claimed(register: Register) -> None:
    async with register.working(VILLAGE) as work:
        with pytest.raises(OutsideJurisdiction):
            await work.claim(Case(id=uuid4(), **Spot.of_place(OTHER_VILLAGE).columns), {})


CASES: Any = Case.__table__
COUNTERS: Any = NumberCounter.__table__
ROW = {"id": uuid4(), "series": "x", "value": 1, **Spot.of_place(VILLAGE).columns}

REFUSED: dict[str, Callable[[Any], Any]] = {
    "text": lambda s: s.execute(text("SELECT 1")),
    "Core select": lambda s: s.execute(CASES.select()),
    "Core column": lambda s: s.execute(select(CASES.c.place)),
    "Core insert": lambda s: s.execute(COUNTERS.insert(), [ROW]),
    "Core update": lambda s: s.execute(CASES.update().values(title="x")),
    "Core delete": lambda s: s.execute(CASES.delete()),
    "Core exists": lambda s: s.execute(select(literal(1)).where(exists(CASES.select()))),
    "Core subquery": lambda s: s.execute(select(CASES.select().subquery())),
    "Core around text": lambda s: s.execute(select(literal(1)).where(text("1 = 1"))),
    "text beside the criterion": lambda s: s.execute(select(Case.place).where(text("1 = 1 OR 1 = 1"))),
    "literal column": lambda s: s.execute(select(Case.place).where(literal_column("1 = 1 OR 1 = 1"))),
    "entities from text": lambda s: s.execute(select(Case).from_statement(text("SELECT * FROM cases"))),
    "insert into another table": lambda s: s.execute(
        insert(Place).from_select(["code", "district"], select(Case.place, Case.district))
    ),
    "connection": lambda s: s.connection(),
    "ORM bulk insert": lambda s: s.execute(insert(NumberCounter), [ROW]),
    "ORM insert": lambda s: s.execute(insert(NumberCounter).values(**ROW)),
    "insert from select": lambda s: s.execute(
        insert(NumberCounter).from_select(["id", "district"], select(Case.id, Case.district))
    ),
    "on conflict do nothing": lambda s: s.execute(upsert(s, NumberCounter).values(**ROW).on_conflict_do_nothing()),
    "on conflict do update": lambda s: s.execute(
        upsert(s, NumberCounter)
        .values(**ROW)
        .on_conflict_do_update(index_elements=["id"], set_={"value": NumberCounter.value + 1})
    ),
    "bulk update by key": lambda s: s.execute(update(NumberCounter), [{"id": ROW["id"], "value": 2}]),
    "legacy bulk insert": lambda s: s.run_sync(lambda sync: sync.bulk_insert_mappings(NumberCounter, [ROW])),
    "legacy bulk update": lambda s: s.run_sync(
        lambda sync: sync.bulk_update_mappings(NumberCounter, [{"id": ROW["id"], "value": 2}])
    ),
    "legacy bulk save": lambda s: s.run_sync(lambda sync: sync.bulk_save_objects([counter(OTHER_VILLAGE)])),
}


@pytest.mark.parametrize("name", [VILLAGE, TOWN, DISTRICT, "granted", "one case"])
async def test_what_the_criterion_cannot_reach_is_refused(register: Register, name: str) -> None:
    for form, attempt in REFUSED.items():
        async with register.working(name) as work:
            try:
                await attempt(work.session)
            except OutsideJurisdiction:
                continue
        pytest.fail(f"{form} passed")


async def test_a_session_without_a_jurisdiction_sends_nothing(world: World) -> None:
    reading = Reading(world.kernel, OPERATOR, Asked("test_walls"))
    async with opened(reading):
        del reading.session.sync_session.info["jurisdiction"]
        with pytest.raises(OutsideJurisdiction):
            await reading.session.scalar(select(Place.code))


UNNARROWED: dict[str, Callable[[], Any]] = {
    "Core beside the same table narrowed": lambda: select(Case.place).where(
        exists(select(CASES.c.id).where(CASES.c.title == "-").correlate(None))
    ),
    "entities from Core": lambda: select(Case).from_statement(CASES.select()),
    "Core table in an ORM statement": lambda: select(Place.code).where(exists(select(CASES.c.id))),
    "Core join in an ORM statement": lambda: select(Place.code).join(CASES, CASES.c.place == Place.code),
}


@pytest.mark.parametrize("name", [VILLAGE, TOWN, DISTRICT, "granted", "one case"])
async def test_the_guard_reads_what_slips_through(register: Register, name: str) -> None:
    """Statements that neither wall of the application sees: in a test they fail."""
    for form, statement in UNNARROWED.items():
        async with register.reading(name) as session:
            try:
                await session.execute(statement())
            except (UnnarrowedStatement, OutsideJurisdiction):
                continue
        pytest.fail(f"{form} passed the guard")


HELD = "cases.district = ? AND cases.place = ?"
SLIPS = {
    "SELECT cases.id FROM cases": ["cases"],
    "SELECT cases.id FROM cases WHERE cases.district = ?": ["cases"],
    f"SELECT a.id FROM cases AS a, cases WHERE {HELD}": ["a"],
    f"SELECT cases.id FROM cases JOIN parties ON parties.case_id = cases.id WHERE {HELD}": ["parties"],
    f'SELECT cases.id FROM cases LEFT OUTER JOIN "parties" AS p_1 ON true WHERE {HELD}': ["p_1"],
    f"SELECT 1 FROM places WHERE EXISTS (SELECT * FROM sessions WHERE {HELD})": ["sessions"],
    f"SELECT cases.id FROM cases WHERE {HELD} AND EXISTS (SELECT cases.id FROM cases WHERE cases.title = ?)": ["cases"],
    f"SELECT c.id FROM cases AS c WHERE {HELD}": ["c"],
    "INSERT INTO places (code) SELECT cases.place FROM cases": ["cases"],
    "UPDATE cases SET title=?": ["cases"],
    "DELETE FROM case_steps": ["case_steps"],
}
HOLDS = [
    f"SELECT cases.id FROM cases WHERE {HELD}",
    "SELECT places.code FROM places",
    "UPDATE cases SET title=? WHERE cases.district = $1 AND cases.place = $2",
    "SELECT p_1.id FROM parties AS p_1 WHERE p_1.district = ? AND p_1.place = ?",
]


def test_the_guard_has_teeth() -> None:
    village = Subtree(VILLAGE)
    assert {statement: missing_predicates(statement, village) for statement in SLIPS} == SLIPS
    assert [missing_predicates(statement, village) for statement in HOLDS] == [[]] * len(HOLDS)
    held = "SELECT cases.id FROM cases WHERE cases.district = ? AND cases.township = ?"
    assert missing_predicates(held, village) == ["cases"]
    assert missing_predicates(held, Subtree(TOWN)) == []
    assert missing_predicates("SELECT cases.id FROM cases", Granted(DISTRICT[:6], uuid4())) == ["cases"]
    barred = Subtree(VILLAGE, (uuid4(),))
    assert missing_predicates(HOLDS[0], barred) == ["cases"]
    assert missing_predicates(HOLDS[0], barred, is_counting=True) == []
    assert missing_predicates(f"{HOLDS[0]} AND (cases.id NOT IN (?))", barred) == []
    assert missing_predicates(HOLDS[3], barred) == ["p_1"]
    partner = Granted(DISTRICT[:6], uuid4())
    for loose in ("cases", "parties", "case_grants"):
        assert missing_predicates(f"SELECT 1 FROM {loose} WHERE {loose}.district = ?", partner) == [loose]
    assert missing_predicates("SELECT cases.id FROM cases", Everywhere()) == []
