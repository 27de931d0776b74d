"""Serving over HTTP: the port is taken before anything else starts, so that a taken one is said plainly."""

import signal
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from app.core.settings import Settings
from app.opening import CannotStart


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
    await uvicorn.Server(config).serve([listening])
