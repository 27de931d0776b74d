"""Serving over HTTP: ports are taken before anything else starts, so that a taken one is said plainly."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from prometheus_client import start_http_server

from app.core.metrics import REGISTRY
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
