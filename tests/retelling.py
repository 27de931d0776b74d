"""A case of a register told once more, to the service itself: every step is sent on its day, as the rows have it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from app.core.clock import FixedClock
from app.intake.codes import Consent
from tests.world import REFERRALS, Caller, World, created, ok

Row = dict[str, Any]
Tables = dict[str, list[Row]]


@dataclass
class Retelling:
    world: World
    caller: Caller
    tables: Tables
    case: Row
    id: str = ""
    parties: dict[UUID, str] = field(default_factory=dict)
    """By the party's id, that of its double."""
    rounds: dict[str, str] = field(default_factory=dict)

    def own(self, table: str) -> list[Row]:
        return [row for row in self.tables[table] if row["case_id"] == self.case["id"]]

    async def tell(self) -> Row:
        """The double, as the service answers it."""
        kernel = self.world.app.state.kernel
        try:
            for step in sorted(self.own("case_steps"), key=lambda step: step["seq"]):
                self.world.app.state.kernel = replace(kernel, clock=FixedClock(step["on_date"]))
                await getattr(self, f"_{step['step']}")(step)
        finally:
            self.world.app.state.kernel = kernel
        return await ok(self.caller.get(f"/cases/{self.id}"))

    async def _send(self, name: str, **body: Any) -> Row:
        return await ok(self.caller.post(f"/cases/{self.id}/{name}", json=_plain(body)))

    async def _registration(self, step: Row) -> None:
        parties = sorted(self.own("parties"), key=lambda party: party["position"])
        names = ("place", "source", "category", "title", "summary", "reported_on")
        body = {name: self.case[name] for name in names}
        body["parties"] = [
            {"side": party["side"], "name": party["name"], "consent": "refused" if _refuses(party) else "pending"}
            for party in parties
        ]
        made = await created(self.caller.post("/cases", json=_plain(body)))
        self.id = made["id"]
        self.parties = {old["id"]: new["id"] for old, new in zip(parties, made["parties"], strict=True)}

    async def _refusal(self, step: Row) -> None:
        await self._send("refusal", reason=step["facts"]["reason"], notice_on=step["on_date"])

    async def _acceptance(self, step: Row) -> None:
        mediators = [row["mediator_id"] for row in sorted(self.own("case_mediators"), key=lambda row: row["position"])]
        await self._send(
            "acceptance",
            accepted_on=step["on_date"],
            organization_id=step["facts"]["organization_id"],
            mediators=mediators,
        )

    async def _mediations(self, step: Row) -> None:
        old = next(row for row in self.own("mediations") if str(row["id"]) == step["facts"]["mediation_id"])
        body: Row = {"method": old["method"], "started_on": old["started_on"]}
        for referral in self.own("referrals"):
            if referral["mediation_id"] == old["id"]:
                own = {"arbitration_kind": referral["arbitration_kind"]} if referral["arbitration_kind"] else {}
                body["referral"] = {**REFERRALS.get(old["method"], {}), **own, "sent_on": referral["sent_on"]}
        made = await created(self.caller.post(f"/cases/{self.id}/mediations", json=_plain(body)))
        self.rounds[str(old["id"])] = made["id"]

    def _round(self, step: Row) -> str:
        return f"/mediations/{self.rounds[step['facts']['mediation_id']]}"

    async def _sessions(self, step: Row) -> None:
        body = {"held_on": step["on_date"], "form": "onsite", "record": "双方到场。"}
        await created(self.caller.post(f"{self._round(step)}/sessions", json=_plain(body)))

    async def _conclusion(self, step: Row) -> None:
        old = next(row for row in self.own("mediations") if str(row["id"]) == step["facts"]["mediation_id"])
        names = ("outcome", "concluded_on", "failure_reason", "remedy_notice_on", "transferred_to")
        body = {name: old[name] for name in names if old[name] is not None}
        for agreement in self.own("agreements"):
            if agreement["mediation_id"] == old["id"]:
                body["agreement"] = self._agreement(agreement)
        await ok(self.caller.post(f"{self._round(step)}/conclusion", json=_plain(body)))

    def _agreement(self, agreement: Row) -> Row:
        at_once = [self._signature(row) for row in self.own("signatures") if row["on_date"] == agreement["agreed_on"]]
        duties = [
            {"party_id": self.parties[row["party_id"]], "what": row["what"], "due_on": row["due_on"]}
            for row in self.own("obligations")
        ]
        fields = {name: agreement[name] for name in ("form", "agreed_on", "content")}
        return {**fields, "obligations": duties, "signatures": at_once}

    def _signature(self, row: Row) -> Row:
        if row["party_id"]:
            return {"party_id": self.parties[row["party_id"]], "on": row["on_date"]}
        signer = {"mediator_id": row["mediator_id"]} if row["mediator_id"] else {"seal": True}
        return {**signer, "on": row["on_date"]}

    async def _signatures(self, step: Row) -> None:
        done = (await ok(self.caller.get(f"/cases/{self.id}/agreement")))["signatures"]
        row = self.own("signatures")[len(done)]
        await created(self.caller.post(f"/cases/{self.id}/agreement/signatures", json=_plain(self._signature(row))))

    async def _closure(self, step: Row) -> None:
        without = {} if self.rounds else {name: self.case[name] for name in ("failure_reason", "remedy_notice_on")}
        await self._send("closure", closed_on=step["on_date"], **without)

    async def _suspension(self, step: Row) -> None:
        consents = [self.parties[UUID(id)] for id in step["facts"]["consents"]]
        await self._send("suspension", reason=step["facts"]["reason"], on=step["on_date"], consents=consents)

    async def _merge(self, step: Row) -> None:
        await self._send("merge", into=step["facts"]["merged_into"], reason=step["reason"])

    async def _void(self, step: Row) -> None:
        await self._send("void", reason=step["reason"])


def _refuses(party: Row) -> bool:
    return bool(party["consent"] is Consent.REFUSED)


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, UUID | date | str) else value


def deadlines(rows: list[Row], names: set[str]) -> list[Row]:
    """Rows of the table as the answer would list them."""
    return by_start([{name: _plain(row[name]) for name in names} for row in rows])


def by_start(found: list[Row]) -> list[Row]:
    return sorted(found, key=lambda row: (row["code"], row["starts_on"]))


def tellings(tables: Tables) -> Iterator[Row]:
    """Cases that together show every status, method, deadline and order of steps."""
    shown: set[Any] = set()
    for case in tables["cases"]:
        steps = sorted(
            (row for row in tables["case_steps"] if row["case_id"] == case["id"]), key=lambda row: row["seq"]
        )
        limits = {row["code"] for row in tables["case_deadlines"] if row["case_id"] == case["id"]}
        course = tuple(dict.fromkeys(str(step["step"]) for step in steps))
        shows = {case["status"], case["method"], course, *limits}
        if not shows <= shown:
            shown |= shows
            yield case
