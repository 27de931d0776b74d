"""Serving over HTTP: the port is taken before anything else starts, so that a taken one is said plainly."""

import asyncio
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.core.settings import Settings
from app.opening import CannotStart

RECEIVING = 10
"""Seconds after the signal in which connections are still accepted, as long as more of them come."""


def bound_socket(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port), backlog=2048)
    except OSError:
        where = f"{settings.host}:{settings.port}"
        raise CannotStart(
            f"{where} 无法监听（端口可能已被占用），请用 PORT=9000 或 TIAOJIE_PORT=9000 换一个端口",
            f"cannot listen on {where}: choose another port with PORT=9000 or TIAOJIE_PORT=9000",
        ) from None


def _end_in_order(*_: object) -> None:
    """uvicorn raises the signal that stopped it once more; without a handler that would end the process unclosed."""


class Server(uvicorn.Server):
    """uvicorn closes its socket and every connection without a request under way as soon as it is told to end. What a
    client has sent may lie unaccepted or unread at that moment, and would be reset."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.server_state.default_headers.append((b"connection", b"close"))
        calm, until = 0, time.monotonic() + RECEIVING
        while calm < 3 and time.monotonic() < until:
            await asyncio.sleep(0.05)  # meanwhile the loop accepts a connection, in its next turn opens, then reads it
            calm = 0 if self._has_unread(sockets or []) else calm + 1
        await super().shutdown(sockets)

    def _has_unread(self, sockets: list[socket.socket]) -> bool:
        """Something waits to be accepted, or to be read where no request is under way."""
        poll = select.poll()
        idle = [
            connection.transport.get_extra_info("socket")
            for connection in self.server_state.connections
            if isinstance(connection, HttpToolsProtocol)
            and (connection.cycle is None or connection.cycle.response_complete)
            and not connection.transport.is_closing()
        ]
        for each in [*sockets, *idle]:
            poll.register(each, select.POLLIN)
        return bool(poll.poll(0))


async def serve(app: Callable[..., Any], settings: Settings, listening: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=20,
    )
    signal.signal(signal.SIGTERM, _end_in_order)
    await Server(config).serve([listening])
