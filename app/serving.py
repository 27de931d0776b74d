"""Serving over HTTP: ports are taken before anything else starts, so that a taken one is said plainly."""

import asyncio
import select
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from prometheus_client import start_http_server
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.core.metrics import REGISTRY
from app.core.settings import Settings
from app.opening import CannotStart

LAST_LOOKS = 100
"""How often a server that was told to end looks for more to receive, twenty times a second, as long as more comes."""


def bound_socket(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError:
        where = f"{settings.host}:{settings.port}"
        raise CannotStart(
            f"{where} 无法监听（端口可能已被占用），请用 PORT=9000 或 TIAOJIE_PORT=9000 换一个端口",
            f"cannot listen on {where}: choose another port with PORT=9000 or TIAOJIE_PORT=9000",
        ) from None


@contextmanager
def served_metrics(settings: Settings) -> Iterator[None]:
    """By a thread of its own, so that a scrape is answered also while the service is at its limit."""
    if not settings.metrics_port:
        yield
        return
    try:
        server, thread = start_http_server(settings.metrics_port, "127.0.0.1", REGISTRY)
    except OSError:
        where = f"127.0.0.1:{settings.metrics_port}"
        raise CannotStart(
            f"{where} 无法监听（端口可能已被占用），请改 TIAOJIE_METRICS_PORT",
            f"cannot listen on {where}: choose another TIAOJIE_METRICS_PORT",
        ) from None
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _end_in_order(*_: object) -> None:
    """uvicorn raises the signal that stopped it once more; without a handler that would end the process unclosed."""


class Server(uvicorn.Server):
    """uvicorn closes its socket and every connection without a request under way as soon as it is told to end. What a
    client has sent may lie unaccepted or unread at that moment, and would be reset."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.server_state.default_headers.append((b"connection", b"close"))
        for _ in range(LAST_LOOKS):
            if not (await self._accepts(sockets or []) or self._has_unread()):
                break
            await asyncio.sleep(0.05)
        await super().shutdown(sockets)

    async def _accepts(self, sockets: list[socket.socket]) -> bool:
        """Takes in all who wait at the door: the loop itself takes one at each turn."""
        waiting: list[socket.socket] = []
        for listening in sockets:
            with suppress(BlockingIOError):
                while True:
                    waiting.append(listening.accept()[0])
        for connection in waiting:
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)
        return bool(waiting)

    def _protocol(self) -> HttpToolsProtocol:
        return HttpToolsProtocol(self.config, self.server_state, self.lifespan.state)

    def _has_unread(self) -> bool:
        """Something lies where no request is under way."""
        poll = select.poll()
        for connection in self.server_state.connections:
            if isinstance(connection, HttpToolsProtocol) and _is_idle(connection):
                poll.register(connection.transport.get_extra_info("socket"), select.POLLIN)
        return bool(poll.poll(0))


def _is_idle(connection: HttpToolsProtocol) -> bool:
    has_request = not getattr(connection.cycle, "response_complete", True)  # there is no cycle before the first
    return not (has_request or connection.transport.is_closing())


async def serve(app: Callable[..., Any], settings: Settings, listening: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=HttpToolsProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=20,
    )
    signal.signal(signal.SIGTERM, _end_in_order)
    await Server(config).serve([listening])
