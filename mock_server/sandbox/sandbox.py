"""A sandbox as its APIs see it, and the whole of it that they share."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from mock_server.api import Api
from mock_server.sandbox import tokens
from mock_server.sandbox.clock import Clock
from mock_server.sandbox.journal import Journal
from mock_server.sandbox.memory import MemoryStore
from mock_server.sandbox.outbox import TABLE as OUTBOX
from mock_server.sandbox.outbox import Outbox
from mock_server.sandbox.store import OPENED, Row, Store, Table, rows_by_table
from mock_server.sandbox.timers import Due, Timers

if TYPE_CHECKING:
    from mock_server.resources import Expiry, Lifecycle

_log = logging.getLogger("understudy")

_NOT_STATE = {OUTBOX, OPENED}
"""Tables that no state shows: what was sent, and which collections are open."""


class World:
    """The whole of one sandbox: what all APIs share."""

    def __init__(
        self, name: str, apis: Mapping[str, Api], *, key: bytes, seed: int | None = None
    ) -> None:
        self.name = name
        self.key = key
        self.apis = apis
        self._seed = seed
        self.reset()

    def reset(self) -> None:
        """Back to the scene: tables, clock, outbox, journal and settings."""
        self.random: Random = (
            SystemRandom() if self._seed is None else Random(f"{self._seed}/{self.name}")  # noqa: S311
        )
        self.clock = Clock()
        self.now = self.clock.now()
        self.journal = Journal()
        self.store: Store = MemoryStore()
        self.timers = Timers(self.store)
        self.outbox = Outbox(self.store, lambda: self.now, self.new_uuid)
        self.settings: dict[str, dict[str, Any]] = {}
        self._views = {name: Sandbox(self, api) for name, api in self.apis.items()}
        for name, api in self.apis.items():
            if api.behaviour.scene is not None:
                api.behaviour.scene(self._views[name])
        self.outbox.clear()

    def view(self, api: str) -> "Sandbox":
        """The sandbox as one API sees it."""
        return self._views[api]

    def new_uuid(self) -> str:
        """A random UUID, version 4; the same ones in the same order for the same seed."""
        return str(UUID(int=self.random.getrandbits(128), version=4))

    def operation(self) -> AbstractContextManager[None]:
        """One operation: what is due happens before it; all or nothing of it is kept.

        Time stands still inside, so that all it writes carries the same moment.
        """
        self.settle()
        return self.store.transaction()

    def settle(self) -> None:
        """Let happen what the clock has brought about since the last look."""
        present = self.clock.now()
        while due := self.timers.next_due(present):
            self.now = due.at
            self._run(due)
        self.now = present

    def _run(self, due: Due) -> None:
        api = self.apis.get(due.api)
        call = None if api is None else api.timers.get(due.call)
        if call is None:
            _log.warning("A timer calls %s of %s, which is not there.", due.call, due.api)
            return
        try:
            with self.store.transaction():
                call(self._views[due.api], **due.arguments)
        except Exception:  # noqa: BLE001
            # One broken timer must not stop every later operation of the sandbox.
            _log.exception("The timer %s of %s failed.", due.call, due.api)

    def state(self) -> dict[str, dict[str, Row]]:
        """Every table with its rows by id; timers are among them, the outbox is not."""
        with self.store.transaction():
            for name, api in self.apis.items():
                if api.inferred is not None:
                    api.inferred.open_all(self._views[name])
        return {name: rows for name, rows in rows_by_table(self.store) if name not in _NOT_STATE}

    def put_settings(self, settings: dict[str, dict[str, Any]]) -> None:
        """Put these settings, by API, in the place of all that were set."""
        self.settings = settings
        for view in self._views.values():
            view.settings_changed()

    def restore(self, tables: Mapping[str, Mapping[str, Row]]) -> None:
        """Put these tables in the place of all there are; the outbox stays as it is.

        Raises ValueError where they hold what is no state, or timers that are none.
        """
        if foreign := _NOT_STATE & tables.keys():
            raise ValueError(f"{foreign.pop()} is no table of a state")
        with self.store.transaction():
            for name in self.store.tables():
                if name != OUTBOX:
                    for id in self.store.ids(name):
                        self.store.delete(name, id)
            for name, rows in tables.items():
                for id, row in rows.items():
                    self.store.put(name, id, row)
            self.timers.reload()
            for name, api in self.apis.items():
                if api.inferred is not None:
                    api.inferred.restored(self._views[name])


class Sandbox:
    """A sandbox as the behaviour of one API sees it."""

    def __init__(self, world: World, api: Api) -> None:
        self._world = world
        self._api = api
        self._tables: dict[str, Table] = {}
        self._templates: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {}
        """Paths of operations: the text before the first parameter, and each name with the text
        behind it.
        """
        self.base_url = f"http://localhost{api.mount}"
        """Where this API was last reached: origin, sandbox prefix and mount."""

    @property
    def outbox(self) -> Outbox:
        """Where mails and webhooks go."""
        return self._world.outbox

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """The API's settings, with the defaults of those that nobody set."""
        return self._api.behaviour.default_settings() | self._world.settings.get(self._api.name, {})

    def settings_changed(self) -> None:
        """Forget the settings that were read."""
        self.__dict__.pop("settings", None)

    def now(self) -> datetime:
        """The sandbox's time, in UTC; it stands still within an operation."""
        return self._world.now

    def table(self, name: str) -> Table:
        """The table of that name, which all APIs of the sandbox share."""
        table = self._tables.get(name)
        if table is None:
            table = self._tables[name] = Table(self._world.store, name)
        return table

    def schedule(self, at: datetime, call: Callable[..., None], **arguments: Any) -> None:
        """Call a `when_…` function of the same behaviour when the clock reaches that moment.

        The arguments are JSON values.
        """
        due = Due(at, self._api.name, call.__name__, arguments)
        self._world.timers.schedule(self.uuid(), due)

    def lifecycle(self, schema: str) -> "Lifecycle":
        """What is declared (`x-lifecycle`) of the statuses of that schema's items.

        Raises LookupError where nothing is.
        """
        return self._api.declared.lifecycle(schema)

    def expires(
        self, schema: str, item: Mapping[str, Any], since: datetime | None = None
    ) -> datetime | None:
        """When an item of that schema expires by the lifetime that is declared (`x-expiry`).

        `since` is when it came to be so, if not now. None where no lifetime is declared.
        """
        return self._api.declared.expiries(schema).made(item, since or self._world.now)

    def expired(
        self, schema: str, item: Mapping[str, Any], ends: datetime | None
    ) -> "Expiry | None":
        """What is declared (`x-expiry`) of an item's end, if that has come; None: it has not.

        `ends` is when it comes. An item that shows that it has expired stays so.
        """
        over = ends is not None and ends <= self._world.now
        return self._api.declared.expiries(schema).ended(item, over=over)

    def link(self, operation_id: str, **parameters: Any) -> str:
        """An absolute URL to an operation of this API, within the same sandbox.

        Parameters that the path does not hold become the query. Raises KeyError for an operation
        that is not there, or a path parameter that is missing.
        """
        template = self._templates.get(operation_id)
        if template is None:
            pieces = self._api.description.by_id[operation_id].path_pieces
            template = pieces[0], tuple(zip(pieces[1::2], pieces[2::2], strict=True))
            self._templates[operation_id] = template
        url = self.base_url + template[0]
        for name, text in template[1]:
            url += _quoted(parameters.pop(name)) + text
        if not parameters:
            return url
        query = [f"{_quoted(name)}={_quoted(value)}" for name, value in parameters.items()]
        return f"{url}?{'&'.join(query)}"

    def uuid(self) -> str:
        """A random UUID, version 4."""
        return self._world.new_uuid()

    def secret(self) -> str:
        """An unguessable text for a URL: 160 random bits in 40 characters."""
        return self._world.random.randbytes(20).hex()

    def issue_token(self, seconds: float, **claims: Any) -> str:
        """A signed JWT of this sandbox and API that expires after that many seconds."""
        place = {"sandbox": self._world.name, "iss": self._api.name, "jti": self.uuid()}
        return tokens.issue(self._world.key, self.now(), seconds, claims | place)

    def read_token(self, token: str) -> dict[str, Any] | None:
        """The claims of a token; None when forged, expired, or of another sandbox or API."""
        claims = tokens.read(self._world.key, self.now(), token)
        if claims is None or claims.get("iss") != self._api.name:
            return None
        return claims if claims.get("sandbox") == self._world.name else None


def _quoted(value: Any) -> str:
    """The value as a part of a URL (RFC 3986 section 2)."""
    text = value if isinstance(value, str) else str(value)
    return text if text.isascii() and text.isalnum() else quote(text, safe="")
