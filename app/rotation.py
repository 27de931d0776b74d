"""Changing the field key: a new one before the old in the file, then every sealed value under it.

The register remembers that a rotation is under way until it has gone through: killed at any point, it is taken up again
by the same command. Old keys stay in the file: they recognise what cannot be hashed anew.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core.auth import OPERATOR
from app.core.crypto import FieldKey, read_key_file, replace_key_file
from app.core.installation import Installation, key_check
from app.core.resealing import DoesNotOpen, count_rows, reseal
from app.core.settings import Settings
from app.core.unit_of_work import Kernel, Work, operate
from app.opening import CannotStart, opened_register


@dataclass(frozen=True)
class Progress:
    done: int
    total: int
    key: FieldKey
    is_over: bool = False


async def rotate(settings: Settings, tell: Callable[[Progress], None]) -> None:
    """Tells first that the new key stands in the file; from then on the register may be served with that file."""
    async with opened_register(settings) as opened:
        kernel = await _begun(settings, opened)
        progress = Progress(0, await count_rows(kernel), kernel.key)
        tell(progress)
        async for rows in _resealed(kernel):
            progress = replace(progress, done=progress.done + rows)
            tell(progress)
        async with operate(kernel, OPERATOR, "finish_key_rotation") as work:
            (await _installation(work)).rotation_began_at = None
            work.touch("key_check")
        tell(replace(progress, is_over=True))


async def _resealed(kernel: Kernel) -> AsyncIterator[int]:
    try:
        async for rows in reseal(kernel):
            yield rows
    except DoesNotOpen as value:
        raise CannotStart(
            f"{value} 用密钥文件中的任何密钥都打不开；请从备份补回缺少的密钥行后重新运行",
            f"no key of the file opens {value}: put the missing line back from your backup and run this again",
        ) from None
    except SQLAlchemyError as error:
        raise CannotStart(
            f"数据库中断（{type(error).__name__}），已完成的部分保留，请重新运行",
            f"the database broke off ({type(error).__name__}): what is done stays done, run this again",
        ) from None


async def _begun(settings: Settings, kernel: Kernel) -> Kernel:
    """The file first: a register that knows a key whose file was lost could not be opened."""
    async with operate(kernel, OPERATOR, "begin_key_rotation") as work:
        installation, key = await _installation(work), read_key_file(settings.key_path)
        if installation.rotation_began_at is None:
            await _refuse_while_served(work)
            if installation.key_check == key_check(key):  # else it was killed just after it had written the file
                key = key.with_new(settings.cipher)
                replace_key_file(settings.key_path, key)
            installation.key_check, installation.rotation_began_at = key_check(key), work.now
            work.touch("key_check")
    return replace(kernel, key=key)


async def _installation(work: Work) -> Installation:
    return await work.session.get_one(Installation, 1, with_for_update=True)


async def _refuse_while_served(work: Work) -> None:
    """A process that has read the old file would not open what the new key seals. On SQLite the lock file says so."""
    if work.kernel.database.is_sqlite:
        return
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()"
    )
    if await work.session.scalar(others):
        raise CannotStart(
            "登记簿正在服务，请先停止所有机器上的服务再更换密钥",
            "the register is being served: stop the service on every machine before the key is changed",
        )
