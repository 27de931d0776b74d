"""Filling a new register with a sample district of any size, all or nothing, while the next rows are being made."""

import asyncio
import gc
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from app.calendar.rules import read_rules
from app.core.auth import OPERATOR
from app.core.bulk import load
from app.core.clock import today
from app.core.unit_of_work import Kernel, Work, operate
from app.demo.case_rows import Tables
from app.demo.chronicle import Batch, Chronicle
from app.demo.deadline_rows import Deadlines
from app.demo.sample_district import District, Founding, Ids
from app.demo.seasons import YEARS
from app.demo.township import DemoAccount
from app.intake.search import CaseText, index_texts
from app.opening import CannotStart
from app.people.models import Account, Mediator, Organization
from app.people.passwords import fresh_password
from app.places.models import Place
from app.statistics.taking_up import take_up

LEAST, MOST = 100, 10_000_000
EARLIEST = date(2010, 1, 1)


@dataclass(frozen=True)
class Scale:
    cases: int
    seed: int = 1
    district: str = "500114000000"
    until: date | None = None
    """The last day of the register; today, if not said."""


async def generate(kernel: Kernel, scale: Scale) -> list[DemoAccount]:
    _check(scale)
    chance, until = Random(scale.seed), scale.until or today()  # noqa: S311 sample figures
    ids = Ids(chance)
    on = datetime.combine(until - timedelta(365 * YEARS + 1), time(4), UTC)
    district = Founding(scale.district, chance, ids, on).found(scale.cases)
    async with operate(kernel, OPERATOR, "generate_district") as work:
        await _refuse_used(work)
        rules = await read_rules(work, district.code[:6])
        chronicle = Chronicle(Tables(district, ids, kernel.key, Deadlines(rules)), chance, until)
        accounts = await _people(work, district)
        with _no_collector():
            await _fill(work, chronicle.batches(scale.cases, on), scale.cases)
            await take_up(work, ids.new)
    return accounts


def _check(scale: Scale) -> None:
    if not LEAST <= scale.cases <= MOST:
        raise CannotStart(f"件数应为 {LEAST}–{MOST}", f"the number of cases should be {LEAST} to {MOST}")
    if not re.fullmatch("[1-9][0-9]{5}0{6}", scale.district):
        raise CannotStart("区县代码应为 12 位，末六位为 0", "a district's code has 12 digits, the last six of them 0")
    if scale.until and not EARLIEST <= scale.until <= today():
        raise CannotStart("截止日期应在 2010 年至今天之间", "the last day should lie between 2010 and today")


@contextmanager
def _no_collector() -> Iterator[None]:
    """Nothing made here needs it, and walking over the rows again and again took it a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _refuse_used(work: Work) -> None:
    if await work.session.scalar(select(Place.code).limit(1)) is not None:
        raise CannotStart(
            "此登记簿已有内容，只能在新建的空库中生成", "this register has entries: generate into a new one"
        )


async def _people(work: Work, district: District) -> list[DemoAccount]:
    """Passwords take Argon2 a while: all at once, in its threads."""
    passwords = await asyncio.gather(*(fresh_password() for _ in district.accounts))
    for row, password in zip(district.accounts, passwords, strict=True):
        row["password_hash"] = password.hash
    for model, rows in (
        (Place, district.places),
        (Organization, district.organizations),
        (Mediator, district.mediators),
        (Account, district.accounts),
    ):
        await load(work, model, rows)
    return [
        DemoAccount(row["role"], row["place"], row["username"], password.text)
        for row, password in zip(district.accounts, passwords, strict=True)
    ]


async def _fill(work: Work, batches: Iterator[tuple[int, Batch]], cases: int) -> None:
    """The database takes one batch while a thread makes the next."""
    loop, done = asyncio.get_running_loop(), 0
    following: Any = loop.run_in_executor(None, next, batches, None)
    while found := await following:
        following = loop.run_in_executor(None, next, batches, None)
        number, batch = found
        for model, rows in batch.items():
            await load(work, model, rows)
        await index_texts(work, batch.get(CaseText, ()))
        done += number
        _progress(done, cases)


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == of else ""
        sys.stderr.write(f"\r正在生成 Generating [{'#' * (done * 30 // of):<30}] {done}/{of}{end}")
        sys.stderr.flush()
