"""The demo township: 黎水镇 with its register of 2020, written through the services under a clock of that year."""

import csv
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID

from app.core.auth import OPERATOR, Actor
from app.core.clock import FixedClock
from app.core.jurisdiction import Subtree
from app.core.unit_of_work import Kernel, Work, operate
from app.demo import ledger
from app.demo.aftermath import Staff, Told, tell
from app.demo.ledger import Names, Row, code_of, day, required
from app.demo.patrols import Found, load_patrols
from app.intake.findings import open_case
from app.intake.service import accept, register
from app.mediation.closure import close
from app.mediation.conclusion import conclude
from app.mediation.rounds import start_round
from app.mediation.sessions import add_session
from app.mediation.signing import sign
from app.people.accounts import add_account
from app.people.actors import actor_of
from app.people.codes import CommitteeType, MediatorKind, OrganizationKind, Role
from app.people.passwords import fresh_password
from app.people.schemas import AccountIn, MediatorIn, OrganizationIn
from app.people.service import add_mediator, add_organization
from app.places.csv_file import read_places
from app.places.service import load_places

FILES = Path(__file__).parent
FOUNDED = date(2020, 1, 1)
CLERK = "clerk.lishui"


@dataclass(frozen=True)
class DemoAccount:
    """What is printed of an account: its role, place, username and password."""

    role: str
    place: str
    username: str
    password: str

    def __str__(self) -> str:
        return f"{self.role} {self.place} {self.username} {self.password}"


def rows_of(name: str) -> list[Row]:
    with (FILES / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def load_township(kernel: Kernel) -> list[DemoAccount]:
    places = read_places((FILES / "places.csv").read_bytes())
    async with operate(_at(kernel, FOUNDED), OPERATOR, "load_places") as work:
        work.acting_as(_administrator(places[0].code))
        await load_places(work, places)
    names = Names({place.name: place.code for place in places}, {}, {})
    names = replace(names, organizations=await _organizations(kernel, names))
    names = replace(names, mediators=await _mediators(kernel, names))
    accounts, actors = await _accounts(kernel, names)
    found = await load_patrols(kernel, rows_of("patrols_2020.csv"), names, actors)
    named = {row["姓名"]: actors[row["用户名"]] for row in rows_of("accounts.csv")}
    register, aftermath = rows_of("register_2020.csv"), rows_of("aftermath_2020.csv")
    for number, row in enumerate(register, start=1):
        steps = [step for step in aftermath if step["案件序号"] == row["序号"]]
        staff = Staff(_actor(row, names, actors), named)
        await _case(kernel, row, names, staff, found.get(row["序号"]), steps)
        _progress(number, len(register))
    return accounts


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == of else ""
        sys.stderr.write(
            f"\r正在写入演示登记簿 Writing the demo register [{'#' * (done * 30 // of):<30}] {done}/{of}{end}"
        )


def _at(kernel: Kernel, day: date) -> Kernel:
    return replace(kernel, clock=FixedClock(day))


def _administrator(district: str) -> Actor:
    return replace(OPERATOR, jurisdiction=Subtree(district))


@asynccontextmanager
async def _administering(kernel: Kernel, names: Names, action: str) -> AsyncIterator[Work]:
    actor = _administrator(next(iter(names.places.values())))
    async with operate(_at(kernel, FOUNDED), actor, action) as work:
        yield work


async def _organizations(kernel: Kernel, names: Names) -> dict[str, UUID]:
    made = {}
    for row in rows_of("organizations.csv"):
        body = OrganizationIn(
            kind=required(OrganizationKind, row["类别"]),
            committee_type=code_of(CommitteeType, row["委员会类型"]),
            name=row["名称"],
            place=names.places[row["所在地"]],
            number_prefix=row["编号字头"] or None,
        )
        async with _administering(kernel, names, "add_organization") as work:
            made[row["名称"]] = (await add_organization(work, body))[0].id
    return made


async def _mediators(kernel: Kernel, names: Names) -> dict[str, UUID]:
    made = {}
    for row in rows_of("mediators.csv"):
        organization_id = names.organizations[row["调解组织"]]
        body = MediatorIn(name=row["姓名"], kind=required(MediatorKind, row["类型"]), organization_id=organization_id)
        async with _administering(kernel, names, "add_mediator") as work:
            made[row["姓名"]] = (await add_mediator(work, body))[0].id
    return made


async def _accounts(kernel: Kernel, names: Names) -> tuple[list[DemoAccount], dict[str, Actor]]:
    printed, actors = [], {}
    for row in rows_of("accounts.csv"):
        password = await fresh_password()
        body = AccountIn(
            username=row["用户名"],
            name=row["姓名"],
            role=required(Role, row["角色"]),
            place=names.places[row["所在地"]],
            organization_id=names.organizations.get(row["组织"]),
            mediator_id=names.mediators.get(row["姓名"]),
        )
        async with _administering(kernel, names, "add_account") as work:
            account, _ = await add_account(work, body, password)
            actors[account.username] = actor_of(account)
        printed.append(DemoAccount(body.role, body.place, body.username, password.text))
    return printed, actors


def _actor(row: Row, names: Names, actors: Mapping[str, Actor]) -> Actor:
    """A village's own mediator, where its committee accepts and the mediator has an account; else the town's clerk."""
    organization_id = names.organizations[row["受理组织"]]
    for actor in actors.values():
        if actor.role == Role.VILLAGE_MEDIATOR and actor.organization_id == organization_id:
            return actor
    return actors[CLERK]


async def _case(kernel: Kernel, row: Row, names: Names, staff: Staff, found: Found | None, more: Sequence[Row]) -> None:
    """One row of the register, step by step on its days, with what the aftermath tells of it before and after."""

    @asynccontextmanager
    async def on(column: str, action: str) -> AsyncIterator[Work]:
        async with operate(_at(kernel, day(row, column)), staff.own, action) as work:
            yield work

    async with on("登记日期", "register_case") as work:
        body = ledger.registration(row, names)
        case, named = await open_case(work, *found, body) if found else await register(work, body)
        parties = {party.name or "": party.id for party in named or []}
    async with on("受理日期", "accept_case") as work:
        await accept(work, case.id, ledger.acceptance(row, names))
    async with on("开始日期", "start_mediation") as work:
        mediation, _ = await start_round(work, case.id, ledger.mediation(row, names))
    told = Told(case.id, mediation.id, list(parties.values()), names, staff)
    early = [step for step in more if step["日期"] < row["调解会日期"]]
    await tell(kernel, early, told, since=day(row, "开始日期"))
    async with on("调解会日期", "record_session") as work:
        await add_session(work, mediation.id, ledger.session(row))
    async with on("结束日期", "conclude_mediation") as work:
        await conclude(work, mediation.id, ledger.conclusion(row, parties, names))
    if ledger.signs_later(row):
        for signature in ledger.signatures(row, parties, names):
            async with on("签章日期", "sign_agreement") as work:
                await sign(work, case.id, signature)
    if ledger.closes_later(row):
        async with on("结案日期", "close_case") as work:
            await close(work, case.id, ledger.closure(row))
    await tell(kernel, more[len(early) :], told, since=day(row, "结案日期"))
