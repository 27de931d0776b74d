"""Actors of the last second: the look-up of a token is not repeated for every request of a burst.

Whatever this process changes about accounts and tokens empties it at once; what another changes acts within a second.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.core.auth import Actor
from app.core.crypto import token_hash

KEPT = timedelta(seconds=1)
MOST = 10_000


@dataclass
class ActorCache:
    _known: dict[str, tuple[datetime, Actor]] = field(default_factory=dict)

    def find(self, token: str, now: datetime) -> Actor | None:
        found = self._known.get(token_hash(token))
        if found is None or not found[0] <= now < found[0] + KEPT:
            return None
        return found[1]

    def keep(self, token: str, actor: Actor, now: datetime) -> None:
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[token_hash(token)] = (now, actor)

    def forget(self) -> None:
        self._known.clear()
