"""A store behind the S3 API, by aiobotocore: its links bind size, media type and digest in their signature.

The bucket is private; who runs it gives the service's keys s3:GetObject, PutObject, DeleteObject and, for the sweep,
ListBucket on it, and nobody anything else. Nothing here needs more than what stores beside Amazon's offer too.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from chassis.objects.store import CHUNK, Declared, Link, ObjectGone, StoreAway, Stored, checked_key, saved_as

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_SECONDS = 10
_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class S3Settings:
    """Where the store is; `public_endpoint` is where clients reach it, when that is another address."""

    bucket: str
    region: str
    endpoint: str | None = None
    public_endpoint: str | None = None
    path_style: bool = True
    access_key: str | None = None
    """With `secret_key`; without them the keys come from where the library finds them, such as an instance's role."""
    secret_key: str | None = None


class S3Store:
    """Objects in one bucket."""

    def __init__(self, settings: S3Settings) -> None:
        self._settings = settings
        self._clients: dict[str | None, Any] = {}
        self._opening = asyncio.Lock()
        self._open = AsyncExitStack()

    async def _client(self, endpoint: str | None) -> Any:
        """Return the client for an address, made once: making one takes a tenth of a second."""
        async with self._opening:
            if endpoint not in self._clients:
                told = self._settings
                config = AioConfig(
                    signature_version="s3v4",
                    s3={"addressing_style": "path" if told.path_style else "virtual"},
                    connect_timeout=_SECONDS,
                    read_timeout=_SECONDS,
                    retries={"max_attempts": 2, "mode": "standard"},
                    # What is signed is chosen here; a checksum that the library adds would have to be sent by clients.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                )
                made = get_session().create_client(
                    "s3",
                    region_name=told.region,
                    endpoint_url=endpoint,
                    aws_access_key_id=told.access_key,
                    aws_secret_access_key=told.secret_key,
                    config=config,
                )
                self._clients[endpoint] = await self._open.enter_async_context(made)
            return self._clients[endpoint]

    async def _inside(self) -> Any:
        return await self._client(self._settings.endpoint)

    def _named(self, key: str) -> dict[str, str]:
        return {"Bucket": self._settings.bucket, "Key": checked_key(key)}

    async def _link(self, operation: str, method: str, asked: dict[str, Any], seconds: int) -> tuple[str, datetime]:
        client = await self._client(self._settings.public_endpoint or self._settings.endpoint)
        expires = datetime.now(UTC) + timedelta(seconds=seconds)
        with _told():
            url: str = await client.generate_presigned_url(
                operation, Params=asked, ExpiresIn=seconds, HttpMethod=method
            )
        return url, expires

    async def upload_link(self, key: str, declared: Declared, seconds: int) -> Link:
        """See ObjectStore; a file that somebody reaches by another way is saved, too, never shown."""
        checksum = base64.b64encode(bytes.fromhex(declared.sha256)).decode()
        asked = self._named(key) | {
            "ContentLength": declared.size,
            "ContentType": declared.media_type,
            "ContentDisposition": "attachment",
            "ChecksumSHA256": checksum,
        }
        url, expires = await self._link("put_object", "PUT", asked, seconds)
        headers = {
            "Content-Type": declared.media_type,
            "Content-Disposition": "attachment",
            "x-amz-checksum-sha256": checksum,
        }
        return Link("PUT", url, headers, expires)

    async def download_link(self, key: str, name: str, seconds: int) -> Link:
        """See ObjectStore."""
        asked = self._named(key) | {
            "ResponseContentDisposition": saved_as(name),
            "ResponseContentType": "application/octet-stream",
            "ResponseCacheControl": "private, no-store",
        }
        url, expires = await self._link("get_object", "GET", asked, seconds)
        return Link("GET", url, {}, expires)

    async def stat(self, key: str) -> Stored | None:
        """See ObjectStore; some stores keep no digest."""
        client = await self._inside()
        try:
            with _told():
                found = await client.head_object(**self._named(key), ChecksumMode="ENABLED")
        except ObjectGone:
            return None
        return Stored(size=found["ContentLength"], sha256=_hexadecimal(found.get("ChecksumSHA256")))

    async def read(self, key: str, most: int | None = None) -> AsyncIterator[bytes]:
        """See ObjectStore."""
        client = await self._inside()
        part = {} if most is None else {"Range": f"bytes=0-{most - 1}"}
        with _told():
            answer = await client.get_object(**self._named(key), **part)
            async with answer["Body"] as body:
                async for chunk in body.iter_chunks(CHUNK):
                    yield chunk

    async def move(self, key: str, to: str) -> None:
        """See ObjectStore."""
        client = await self._inside()
        with _told():
            await client.copy_object(CopySource=self._named(key), **self._named(to))
        await self.delete(key)

    async def delete(self, key: str) -> None:
        """See ObjectStore."""
        client = await self._inside()
        with _told():
            await client.delete_object(**self._named(key))

    async def older_than(self, prefix: str, before: datetime, most: int) -> list[str]:
        """See ObjectStore."""
        client = await self._inside()
        found: list[str] = []
        with _told():
            pages = client.get_paginator("list_objects_v2")
            async for page in pages.paginate(Bucket=self._settings.bucket, Prefix=f"{checked_key(prefix)}/"):
                old = (one["Key"] for one in page.get("Contents", ()) if one["LastModified"] < before)
                found += old
                if len(found) >= most:
                    break
        return found[:most]

    async def close(self) -> None:
        """See ObjectStore."""
        self._clients.clear()
        await self._open.aclose()


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the library raises into ObjectGone or StoreAway."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _MISSING:
            raise ObjectGone from error
        raise StoreAway from error
    except (BotoCoreError, HTTPClientError, OSError, TimeoutError) as error:
        raise StoreAway from error


def _hexadecimal(checksum: str | None) -> str | None:
    """Return a digest of a whole object; one of several parts ends in their number and is none."""
    try:
        found = base64.b64decode(checksum or "", validate=True)
    except binascii.Error:
        return None
    return found.hex() if len(found) == _DIGEST_BYTES else None
