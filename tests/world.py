"""A small township to test in: 黎水镇 with two villages, a neighbour township, another district; people who act in it.

Plain functions and one `World`, made over a migrated database. Passwords take Argon2 a while: accounts here come with
a token instead, which is what a sign-in would have given them.
"""

import base64
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from app.core.auth import OPERATOR, Permission
from app.core.crypto import FieldKey, token_hash
from app.core.db import Database, open_database
from app.core.files import Files, Folder
from app.core.settings import Settings
from app.core.unit_of_work import Kernel, Work, operate
from app.main import create_app, wired
from app.people.codes import CommitteeType, MediatorKind, OrganizationKind, Role
from app.people.models import Account, Client, ClientSecret, Mediator, Organization, SignIn, Token
from app.places.codes import PlaceLevel
from app.places.models import Place
from tests.contract import ContractClient

DISTRICT, TOWN, VILLAGE, OTHER_VILLAGE = "500114000000", "500114109000", "500114109200", "500114109201"
OTHER_TOWN, OTHER_TOWN_VILLAGE = "500114108000", "500114108200"
OTHER_DISTRICT, OTHER_DISTRICT_TOWN = "500115000000", "500115100000"
PLACES = {
    DISTRICT: "黔江区",
    TOWN: "黎水镇",
    VILLAGE: "黄泥村",
    OTHER_VILLAGE: "黎水村",
    OTHER_TOWN: "黄溪镇",
    OTHER_TOWN_VILLAGE: "示例一村",
    OTHER_DISTRICT: "示例区",
    OTHER_DISTRICT_TOWN: "示例镇",
}
SECRET = b"only the tests know this key 123"
KEY, KEY_BYTES = FieldKey(SECRET), base64.b64encode(SECRET)
HEAD = "reports"


@dataclass
class Caller:
    """An account with its client."""

    account: Account
    client: ContractClient
    token: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)


@dataclass
class World:
    database: Database
    kernel: Kernel
    app: FastAPI
    organizations: dict[str, UUID] = field(default_factory=dict)
    mediators: dict[str, UUID] = field(default_factory=dict)
    callers: dict[tuple[Role, str], Caller] = field(default_factory=dict)

    def client(self, **headers: str) -> ContractClient:
        return ContractClient(self.app, headers)

    async def caller(self, role: Role, place: str, **fields: Any) -> Caller:
        """The account of a role at a place; made when first asked for."""
        known = self.callers.get((role, place))
        if known is not None and not fields:
            return known
        made = await account(self, role, place, **fields)
        return made if fields else self.callers.setdefault((role, place), made)


IDLE: list[FastAPI] = []
"""Applications of closed worlds, to be used again: building its routes takes FastAPI a third of a short test."""


@asynccontextmanager
async def opened_world(url: str, *, is_new: bool = True) -> AsyncIterator[World]:
    database = open_database(Settings(database_url=url))
    folder = tempfile.TemporaryDirectory(prefix="tiaojie-files-")
    kernel = replace(wired(database, KEY, HEAD), files=Files(Folder(Path(folder.name))), public_minimum=3)
    app = IDLE.pop() if IDLE else create_app(kernel)
    app.state.kernel = kernel
    world = World(database, kernel, app)
    if is_new:
        await places(world)
    try:
        yield world
    finally:
        await database.close()
        folder.cleanup()
        IDLE.append(app)


@asynccontextmanager
async def operating(world: World) -> AsyncIterator[Work]:
    async with operate(world.kernel, OPERATOR, "test_world") as work:
        yield work


async def places(world: World) -> None:
    async with operating(world) as work:
        for code, name in PLACES.items():
            level = PlaceLevel.of(code)
            parent = {PlaceLevel.VILLAGE: code[:9] + "000", PlaceLevel.TOWNSHIP: code[:6] + "000000"}.get(level)
            work.session.add(Place(code=code, name=name, level=level, parent=parent, valid_from=date(2000, 1, 1)))
            await work.session.flush()


def _stamped(work: Work) -> dict[str, Any]:
    return {"content_hash": "-", "version": 1, "recorded_at": work.now, "changed_at": work.now}


async def organization(
    world: World,
    place: str,
    *,
    kind: OrganizationKind = OrganizationKind.MEDIATION_COMMITTEE,
    prefix: str | None = None,
    name: str | None = None,
) -> UUID:
    """A committee of a place with the prefix of its case numbers, or a partner body."""
    is_committee = kind is OrganizationKind.MEDIATION_COMMITTEE
    async with operating(world) as work:
        row = Organization(
            id=uuid4(),
            district=place[:6],
            place=place,
            kind=kind,
            committee_type=CommitteeType.VILLAGE if is_committee else None,
            name=name or f"{PLACES[place]}{kind.zh}",
            number_prefix=prefix or (f"调{place[3:]}" if is_committee else None),
            **_stamped(work),
        )
        work.session.add(row)
    return row.id


async def committee(world: World, place: str) -> UUID:
    """The one mediation committee of a place."""
    if place not in world.organizations:
        world.organizations[place] = await organization(world, place)
    return world.organizations[place]


async def mediator(world: World, place: str, name: str = "李某甲") -> UUID:
    """A new mediator of the place's committee."""
    organization_id = await committee(world, place)
    async with operating(world) as work:
        row = Mediator(
            id=uuid4(),
            district=place[:6],
            organization_id=organization_id,
            name=name,
            kind=MediatorKind.FULL_TIME,
            **_stamped(work),
        )
        work.session.add(row)
    return row.id


async def account(world: World, role: Role, place: str, **fields: Any) -> Caller:
    """A new account with a live token. Staff of village and office name their committee, a mediator also itself."""
    if role in {Role.VILLAGE_MEDIATOR, Role.COMMITTEE_CHAIR, Role.OFFICE_CLERK, Role.OFFICE_HEAD}:
        fields.setdefault("organization_id", await committee(world, place))
    if role is Role.VILLAGE_MEDIATOR:
        fields.setdefault("mediator_id", await mediator(world, place))
    token = secrets.token_urlsafe(32)
    async with operating(world) as work:
        row = Account(
            id=uuid4(),
            district=place[:6],
            place=place,
            username=f"{role}.{secrets.token_hex(4)}",
            role=role,
            **_stamped(work),
            **{"name": "样例", "password_hash": "!", **fields},
        )
        sign_in = SignIn(id=uuid4(), account_id=row.id, started_at=work.now)
        expires_at = work.now + timedelta(hours=1)
        work.session.add(row)
        await work.session.flush()
        work.session.add(sign_in)
        await work.session.flush()
        work.session.add(
            Token(id=uuid4(), sign_in_id=sign_in.id, is_refresh=False, hash=token_hash(token), expires_at=expires_at)
        )
    return Caller(row, world.client(Authorization=f"Bearer {token}"), token)


async def machine(world: World, place: str = VILLAGE) -> tuple[str, str]:
    """The ids of a machine client and of its one secret."""
    async with operating(world) as work:
        scopes = [Permission.CASES_LIST]
        row = Client(id=uuid4(), district=place[:6], place=place, name="样例系统", scopes=scopes, **_stamped(work))
        work.session.add(row)
        await work.session.flush()
        secret = ClientSecret(id=uuid4(), client_id=row.id, hash=uuid4().hex, made_at=work.now)
        work.session.add(secret)
    return str(row.id), str(secret.id)


def party(side: str = "applicant", name: str = "张某甲", **fields: Any) -> dict[str, Any]:
    return {"side": side, "name": name, **fields}


def dispute(place: str = VILLAGE, **fields: Any) -> dict[str, Any]:
    """The six fields that are enough."""
    return {
        "place": place,
        "source": "application",
        "category": "neighbor",
        "summary": "两家因屋檐滴水发生争执。",
        "reported_on": "2020-03-01",
        "parties": [party(), party("respondent", "张某乙")],
        **fields,
    }


def patrol(place: str = VILLAGE, **finding: Any) -> dict[str, Any]:
    """A patrol with one finding."""
    found = {"summary": "两家为引水争执。", "category": "water_use", "location": "二组水井", "people_count": 4}
    return {
        "place": place,
        "inspected_on": "2020-03-01",
        "kind": "routine",
        "people": ["庹某甲"],
        "findings": [found | finding],
    }


def zero_report(place: str = VILLAGE, **fields: Any) -> dict[str, Any]:
    return {"place": place, "inspected_on": "2020-03-01", "kind": "routine", "nothing_found": True, **fields}


async def case(caller: Caller, place: str = VILLAGE, **fields: Any) -> dict[str, Any]:
    """A registered case."""
    return await created(caller.post("/cases", json=dispute(place, **fields)))


async def accepted_case(caller: Caller, place: str = VILLAGE, on: str = "2020-03-02", **fields: Any) -> dict[str, Any]:
    registered = await case(caller, place, **fields)
    return await ok(caller.post(f"/cases/{registered['id']}/acceptance", json={"accepted_on": on}))


REFERRALS: dict[str, dict[str, Any]] = {
    "police": {"incident_no": "示例警情〔2020〕001号"},
    "arbitration": {"arbitration_kind": "commercial"},
    "lawyer": {"lawyer_name": "文某甲", "lawyer_license_no": "示例执业证号0001", "conflict_declared": True},
}


def round_of(method: str = "people", on: str = "2020-03-03", **fields: Any) -> dict[str, Any]:
    referral = {"referral": REFERRALS[method]} if method in REFERRALS else {}
    return {"method": method, "started_on": on, **referral, **fields}


async def started_round(caller: Caller, case_id: str, method: str = "people", **fields: Any) -> dict[str, Any]:
    return await created(caller.post(f"/cases/{case_id}/mediations", json=round_of(method, **fields)))


def oral(on: str = "2020-03-05") -> dict[str, Any]:
    return {"form": "oral", "agreed_on": on, "content": "双方各退一步，屋檐加装水槽。"}


def agreed(on: str = "2020-03-05", **agreement: Any) -> dict[str, Any]:
    return {"outcome": "agreed", "concluded_on": on, "agreement": oral(on) | agreement}


def failed(on: str = "2020-03-05") -> dict[str, Any]:
    return {
        "outcome": "failed",
        "concluded_on": on,
        "failure_reason": "no_agreement",
        "remedy_notice_on": on,
    }


async def settled_case(caller: Caller, place: str = VILLAGE, **fields: Any) -> dict[str, Any]:
    """A case closed with success on an oral agreement."""
    accepted = await accepted_case(caller, place, **fields)
    mediation = await started_round(caller, accepted["id"])
    await ok(caller.post(f"/mediations/{mediation['id']}/conclusion", json=agreed()))
    return await ok(caller.get(f"/cases/{accepted['id']}"))


async def ok(request: Any) -> dict[str, Any]:
    return _body(await request, 200)


async def created(request: Any) -> dict[str, Any]:
    return _body(await request, 201)


async def refused(request: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document, after checking that it is the expected one."""
    response: httpx.Response = await request
    assert response.status_code == status, response.text
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code, problem
    return problem


def _body(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    body: dict[str, Any] = response.json()
    return body


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)
"""A picture of one point."""


async def attachment(caller: Caller, case_id: str, content: bytes = PNG, **fields: Any) -> dict[str, Any]:
    sent = caller.post(f"/cases/{case_id}/attachments", data={"kind": "photo", **fields}, files={"file": content})
    return await created(sent)
