"""Files in an S3-compatible store, by setting. Needs the extra `s3` (obstore); address and credentials are read from
the environment as every S3 client does (`AWS_ENDPOINT`, `AWS_ACCESS_KEY_ID`, …)."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.core.files import MIB, temporary_spool

try:
    import obstore
    from obstore.store import S3Store
except ImportError:
    obstore = None  # type: ignore[assignment]
HAS_OBJECT_STORES = obstore is not None


class ObjectFiles:
    """A sealed file each. `keep` is one put, or a multipart upload that is completed as the last thing."""

    def __init__(self, store: Any) -> None:
        self._store, self.spool = store, temporary_spool()

    async def keep(self, path: Path, name: str) -> None:
        try:
            _ = await obstore.put_async(self._store, name, path)
        except obstore.exceptions.BaseError as error:
            raise OSError from error

    async def read(self, name: str) -> AsyncIterator[bytes]:
        try:
            found = await obstore.get_async(self._store, name)
            async for part in found.stream(min_chunk_size=MIB):
                yield bytes(part)
        except obstore.exceptions.BaseError as error:
            raise OSError from error

    async def names(self) -> AsyncIterator[tuple[str, datetime]]:
        async for batch in obstore.list(self._store):
            for one in batch:
                yield one["path"], one["last_modified"]

    async def remove(self, name: str) -> None:
        await obstore.delete_async(self._store, name)


def object_store(place: str) -> ObjectFiles:
    """Of `s3://bucket/prefix`. Within the time that a request has, a store that is silent is given up."""
    bucket, _, prefix = place.removeprefix("s3://").partition("/")
    patience: Any = {"timeout": timedelta(seconds=10), "connect_timeout": timedelta(seconds=3)}
    retries: Any = {"max_retries": 1, "retry_timeout": timedelta(seconds=5)}
    return ObjectFiles(S3Store(bucket, prefix=prefix or None, client_options=patience, retry_config=retries))
