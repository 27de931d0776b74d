"""The register that all three serve: a PostgreSQL of ours with generated cases, and what its administrator asks it."""

import asyncio
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.processes import PROGRAMS, ROOT, cpu_of_postgres
from tests.postgres import Server as Postgres

SETTINGS = {
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track": "none",
}
"""Beside the defaults: memory for the cases, and statements counted when we say so."""
_SEQUENCE = "CREATE SEQUENCE bench_seq START 1000000000; GRANT USAGE ON SEQUENCE bench_seq TO tiaojie"
"""For the numbers of the others' audit and events, far above the service's own gapless ones."""


@dataclass(frozen=True)
class Register:
    postgres: Postgres
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """How the service is set up: as shipped, but for a token that outlives the benchmark."""
        return {
            "TIAOJIE_DATABASE_URL": self.postgres.url,
            "TIAOJIE_KEY_FILE": str(self.folder / "bench.key"),
            "TIAOJIE_ACCESS_TOKEN_MINUTES": "1440",
        }

    @property
    def cpu(self) -> float:
        """Seconds of processor time that PostgreSQL has taken so far."""
        assert self.postgres.process is not None
        return cpu_of_postgres(self.postgres.process.pid)

    def fill(self, cases: int) -> dict[str, str]:
        """Passwords by username, of the accounts that were generated."""
        command = [str(PROGRAMS / "tiaojie"), "generate", "--cases", str(cases)]
        made = subprocess.run(
            command, env=os.environ | self.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
        self.ask(_SEQUENCE)
        self.ask("CREATE EXTENSION pg_stat_statements")
        self.ask("VACUUM ANALYZE")
        self.ask("CHECKPOINT")
        return {line.split()[2]: line.split()[3] for line in made.stdout.splitlines()}

    def ask(self, statement: str, *values: Any) -> Sequence[Any]:
        """As the administrator of the server, on a connection of its own."""
        return asyncio.run(self._ask(statement, values))

    async def _ask(self, statement: str, values: Sequence[Any]) -> Sequence[Any]:
        connection = await asyncpg.connect(
            self.postgres.admin_url.replace("+asyncpg", "").replace("/postgres?", "/tiaojie?")
        )
        try:
            if values:
                return list(await connection.fetch(statement, *values))
            if statement.startswith("SELECT"):
                return list(await connection.fetch(statement))
            await connection.execute(statement)
            return []
        finally:
            await connection.close()
