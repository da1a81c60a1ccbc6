"""What a service with files is told, and the store and scanner that follow from it."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 (pydantic reads annotations at run time)
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from chassis.objects.clamd import Clamd
from chassis.objects.folder import FolderStore, LinkKey
from chassis.settings import ServiceSettings, SettingsError

if TYPE_CHECKING:
    from chassis.objects.clamd import Scanner
    from chassis.objects.store import ObjectStore

_PORTS = range(1, 65_536)


class FileSettings(ServiceSettings):
    """`LINLI_<SERVICE>_*` of a service that keeps files."""

    files: Literal["none", "s3", "folder"] = Field(
        default="none", description="where files lie: `s3`, `folder` (one machine), or `none`: no files are taken"
    )
    files_bucket: str = Field(default="", description="for `s3`: the private bucket")
    files_region: str = Field(default="us-east-1", description="for `s3`: the store's region")
    files_endpoint: str | None = Field(
        default=None, description="for `s3`: https:// URL of the store, as the service reaches it; Amazon's if unset"
    )
    files_public_endpoint: str | None = Field(
        default=None, description="for `s3`: as clients reach it, when that is another URL"
    )
    files_path_style: bool = Field(
        default=True, description="for `s3`: the bucket's name is in the path of URLs, not in the host name"
    )
    files_credentials: Path | None = Field(
        default=None,
        description="for `s3`: file with the access key's id and, in the next line, its secret; "
        "unset: as the AWS tools find them",
    )
    files_folder: Path | None = Field(default=None, description="for `folder`: where files lie")
    files_url: str = Field(default="", description="for `folder`: URL at which clients reach its server")
    files_key_file: Path | None = Field(
        default=None, description="for `folder`: file with the key by which links are signed, urlsafe base64"
    )
    files_link_seconds: int = Field(default=600, ge=30, le=3600, description="how long a link to a file holds")
    files_clamd: str = Field(
        default="", description="HOST:PORT of the clamd that looks into files; unset: they are let through, marked so"
    )

    def store(self) -> ObjectStore | None:
        """Return the store, None when no files are taken. Raises SettingsError when something is missing or wrong."""
        try:
            if self.files == "s3":
                return self._s3()
            return self._folder() if self.files == "folder" else None
        except (OSError, ValueError) as error:
            raise SettingsError(f"the file store cannot be used: {error}") from error

    def scanner(self) -> Scanner | None:
        """Return the virus scanner, if one is named. Raises SettingsError."""
        if not self.files_clamd:
            return None
        host, _, port = self.files_clamd.rpartition(":")
        if not host or not port.isdecimal() or int(port) not in _PORTS:
            raise SettingsError(f"FILES_CLAMD is HOST:PORT, not {self.files_clamd!r}")
        return Clamd(host, int(port))

    def _s3(self) -> ObjectStore:
        # The library takes half a second to import, which a service without it need not spend.
        from chassis.objects.s3 import S3Settings, S3Store  # noqa: PLC0415

        if not self.files_bucket:
            raise ValueError("FILES_BUCKET is missing")
        access_key, secret_key = None, None
        if self.files_credentials is not None:
            words = self.files_credentials.read_text(encoding="utf-8").split()
            if len(words) != 2:  # noqa: PLR2004
                raise ValueError(f"{self.files_credentials} has not two lines: id and secret")
            access_key, secret_key = words
        return S3Store(
            S3Settings(
                bucket=self.files_bucket,
                region=self.files_region,
                endpoint=self.files_endpoint,
                public_endpoint=self.files_public_endpoint,
                path_style=self.files_path_style,
                access_key=access_key,
                secret_key=secret_key,
            )
        )

    def _folder(self) -> ObjectStore:
        if self.files_folder is None or self.files_key_file is None or not self.files_url:
            raise ValueError("FILES_FOLDER, FILES_URL and FILES_KEY_FILE are needed")
        return FolderStore(self.files_folder, self.files_url, LinkKey.from_file(self.files_key_file))
