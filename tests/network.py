"""Tests talk to this machine only: a look-up or connection that would leave it is an error where it is made."""

import ipaddress
import sys
from typing import Any


def stay_at_home(*allowed: str | None) -> None:
    """`allowed` hosts may be reached too: the server of TEST_DATABASE_URL."""

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            host = arguments[1][0]
        elif event == "socket.getaddrinfo":
            host = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
        else:
            return
        if host not in allowed and not _is_here(host):
            raise RuntimeError(f"a test tried to reach {host}")

    sys.addaudithook(watch)


def _is_here(host: object) -> bool:
    if not isinstance(host, str) or host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
