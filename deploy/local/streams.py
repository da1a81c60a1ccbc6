"""NATS as Linli declares it: accounts and keys, the stream of all events, and each district's consumer."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from nats.aio.client import Client

from chassis.events import provision
from deploy.local.nats import NatsServer
from deploy.nats import declared
from deploy.nats.files import write_configurations

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from deploy.local.processes import Child


_SYNC_INTERVAL = "1s"
"""What a power failure may cost: a machine for development need not wait for its disk at every event."""


class DeclaredNats:
    """A server with a user per service and an account per district; `districts` are region codes.

    Its declaration is `declaration.yaml` in `folder`; districts that were added to it later stay.
    """

    def __init__(
        self, folder: Path, port: int, *, services: Sequence[str], districts: Sequence[str], log: Path
    ) -> None:
        self._folder = folder
        self._declared = declared.local(
            folder, port=port, services=services, districts=districts, sync_interval=_SYNC_INTERVAL
        )
        [configuration] = write_configurations(self._declared, folder)
        self._server = NatsServer(configuration, port, log=log)

    @property
    def declaration_file(self) -> Path:
        """The declaration, for the commands `linli nats`."""
        return self._declared.path

    @property
    def url(self) -> str:
        """The nats:// URL."""
        return self._server.url

    @property
    def child(self) -> Child | None:
        """The running server process."""
        return self._server.child

    @property
    def service_seeds(self) -> dict[str, Path]:
        """The seed file of each service's user."""
        return {name: self._declared.seed(name) for name in self._declared.file.services}

    @property
    def district_seeds(self) -> dict[str, Path]:
        """The seed file of each district's user, by region code."""
        return {entry.code: self._declared.seed(f"district_{entry.code}") for entry in self._declared.file.districts}

    @property
    def admin_seed(self) -> Path:
        """The seed file of the user who makes streams and consumers."""
        return self._declared.seed(declared.ADMIN)

    async def start(self) -> None:
        """Start the server and bring stream and consumers in line. Raises LocalError when it does not come up."""
        await self._server.start()
        await self.provision()

    async def provision(self) -> None:
        """Make the stream and the consumers as far as they are missing."""
        admin = Client()
        await admin.connect(self.url, nkeys_seed=str(self.admin_seed), allow_reconnect=False)
        try:
            districts = [entry.code for entry in declared.read(self._declared.path).file.districts]
            await provision.apply(admin, districts)
        finally:
            await admin.close()

    async def stop(self) -> None:
        """Stop the server; what the streams hold is kept."""
        await self._server.stop()

    def kill(self) -> None:
        """End the server as a crash would."""
        self._server.kill()

    async def restart(self) -> None:
        """Stop the server and start it again on the same port, with what it holds."""
        await self.stop()
        await self.start()

    async def wipe(self) -> None:
        """Lose everything that the streams held, as a broken disk would; the server runs again afterwards."""
        await self.stop()
        shutil.rmtree(self._folder / "jetstream")
        await self.start()
