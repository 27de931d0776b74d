"""The service in a process of its own, over a register that the test has prepared, and clients that load it."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
from sqlalchemy import select

from app.core.installation import Installation, key_check
from app.intake.models import Case
from app.people.codes import Role
from tests.test_starting import free_port
from tests.world import KEY_BYTES, TOWN, World, dispute, opened_world, operating

TIAOJIE = Path(sys.executable).with_name("tiaojie")
STARTED: list[asyncio.subprocess.Process] = []
"""Those of this test; what a failing one leaves running ends with it."""


def end_all() -> None:
    while STARTED:
        process = STARTED.pop()
        if process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)


@dataclass
class Load:
    """Clients that register cases under ids of their own, and retry until they are answered."""

    address: str
    token: str
    acknowledged: set[str] = field(default_factory=set)
    is_over: bool = False

    async def client(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with httpx.AsyncClient(base_url=self.address, headers=headers, timeout=10) as client:
            while not self.is_over:
                await self.register(client, str(uuid4()))

    async def register(self, client: httpx.AsyncClient, id: str) -> None:
        while not self.is_over:
            with suppress(httpx.TransportError):
                answer = await client.post("/api/v1/cases", json=dispute(id=id))
                assert answer.status_code in {200, 201, 503}, answer.text
                if answer.status_code != 503:
                    self.acknowledged.add(answer.json()["id"])
                    return
            await asyncio.sleep(0.02)


@dataclass
class Server:
    """The service in a process of its own, over a register that the test has prepared."""

    url: str
    folder: Path
    port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None
    launcher: tuple[str, ...] = ()
    """What stands before the command."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "TIAOJIE_DATABASE_URL": self.url,
            "TIAOJIE_KEY_FILE": str(self.folder / "killed.key"),
            "TIAOJIE_PORT": str(self.port),
            "TIAOJIE_LOG_LEVEL": "ERROR",
            "TIAOJIE_PUBLIC_STATISTICS": "true",
        }
        self.process = await asyncio.create_subprocess_exec(
            *self.launcher, TIAOJIE, "serve", env=environment, cwd=self.folder
        )
        STARTED.append(self.process)
        async with httpx.AsyncClient(base_url=self.address) as client:
            for _ in range(400):
                with suppress(httpx.TransportError):
                    if (await client.get("/readyz")).status_code == 200:
                        return
                assert self.process.returncode is None, "the server did not start"
                await asyncio.sleep(0.05)
        raise AssertionError("the server is not ready")

    async def end(self, with_signal: int) -> int:
        assert self.process is not None
        self.process.send_signal(with_signal)
        return await self.process.wait()


async def prepared(url: str, folder: Path) -> tuple[Server, str]:
    """A register with a clerk, and the key file it was made with."""
    (folder / "killed.key").write_bytes(KEY_BYTES)
    async with opened_world(url) as world:
        async with operating(world) as work:
            work.session.add(Installation(id=1, key_check=key_check(work.key), is_demo=False, made_at=work.now))
        clerk = await world.caller(Role.OFFICE_CLERK, TOWN)
    return Server(url, folder), clerk.token


async def kept_ids(world: World) -> set[str]:
    async with operating(world) as work:
        return {str(id) for id in await work.session.scalars(select(Case.id))}
