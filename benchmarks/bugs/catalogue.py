"""The servers and their bugs: what each does, what shows it, which findings name it."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from a2wsgi import ASGIMiddleware

from benchmarks.bugs.service import HERE, App
from benchmarks.bugs.validation import base_path, document_of, operations_of

Proof = Callable[[httpx.Client], bool]

# What a finding may say of a class of bugs: the words of design.md, of HTTP, and of other tools.
CRASH = ("server error", "crash", "500")
PAGES = ("page", "paging", "overlap", "total")
FILTERS = ("filter", "bound")
SORTED = ("sort",)
KEPT = ("as sent", "was sent", "were sent", "read back", "comes back", "come back")
REPLACED = ("a put", "replaces", "omits", "omitted")
PATCHED = ("a patch", "touches only")
NOT_SETTABLE = (
    "may not set",
    "cannot set",
    "client sets",
    "settable",
    "readonly",
    "read-only",
    "mass assign",
)
NAMED = ("path names", "path name", "another resource", "other resource", "acts on")
FOREIGN = ("credential", "other user", "another user", "foreign", "identity", "object level")
TOKENS = ("token", "auth", "credential", "signature")
READS = ("reads change", "read change", "reading", "side effect")
REFUSALS = (
    "refused request",
    "refused or failed",
    "changed nothing",
    "changes nothing",
    "readable",
)
CONFLICTS = ("conflict", "duplicate", "unique")
RACES = ("concurren", "sequential order", "at the same time", "race")
GONE = ("deleted", "is gone", "use after free")
LISTED = ("listed",)
FORMS = (
    "representation",
    "accept header",
    "`accept`",
    "content type",
    "content-type",
    "media type",
)
LIFE = ("lifecycle", "move only", "moves", "declared", "terminal", "final")
EXPIRES = ("expir", "lifetime", "until", "usable")
RULES = ("rule", "start", "between")


@dataclass(frozen=True)
class Bug:
    """One thing that a server does wrong when the bug's name is switched on."""

    name: str
    fact: str
    """What goes wrong, in a sentence."""
    operations: tuple[str, ...]
    """The operationIds of which a finding has to name one."""
    words: tuple[str, ...]
    """Of these, the law, the check or the message of a finding has to hold one."""
    evidence: str
    """A text that the finding has to hold somewhere: it tells two crashes of an operation apart."""
    proof: Proof
    """True where a fresh server shows the bug."""


@dataclass
class Server:
    """A server with its description and its bugs."""

    name: str
    make_app: Callable[[frozenset[str]], App]
    asgi: bool = False
    bugs: dict[str, Bug] = field(default_factory=dict)
    sign_in: Callable[[httpx.Client], Mapping[str, str]] | None = None
    """The headers of somebody who may use the server; None: everybody may."""
    credentials: dict[str, str] = field(default_factory=dict)
    """The same for `understudy check`, as variables of the environment."""

    @property
    def description(self) -> Path:
        """The file of the description."""
        return HERE / f"{self.name}.yaml"

    @property
    def base(self) -> str:
        """What its paths begin with."""
        return base_path(document_of(self.description))

    def bug(
        self, *operations: str, words: tuple[str, ...], evidence: str = ""
    ) -> Callable[[Proof], Proof]:
        """Enters a bug of the name, the fact and the proof of the function below."""

        def enter(proof: Proof) -> Proof:
            name = proof.__name__
            fact = " ".join((proof.__doc__ or "").split())
            self.bugs[name] = Bug(name, fact, operations, words, evidence, proof)
            return proof

        return enter

    def app(self, names: frozenset[str]) -> App:
        """A fresh server with those bugs. Raises ValueError for a name that no bug has."""
        unknown = names - self.bugs.keys()
        if unknown:
            raise ValueError(f"{self.name} has no bug {', '.join(sorted(unknown))}.")
        return self.make_app(names)

    def from_environment(self) -> App:
        """The server with the bugs that the environment's BUGS names, parted by commas."""
        return self.app(frozenset(filter(None, os.environ.get("BUGS", "").split(","))))

    @contextmanager
    def client(self, names: frozenset[str]) -> Iterator[httpx.Client]:
        """A client of a fresh server in process; it takes paths below the base path."""
        app: Any = ASGIMiddleware(self.app(names)) if self.asgi else self.app(names)
        transport = httpx.WSGITransport(_with_paths_in_bytes(app))
        with httpx.Client(transport=transport, base_url=f"http://testserver{self.base}") as client:
            yield client

    def operation_named(self, name: str) -> str | None:
        """The operationId of an operationId, a `METHOD /path` or a `METHOD URL`; None: of none."""
        known = operations_of(self.description)
        if name in known:
            return name
        method, _, url = name.partition(" ")
        path = urlsplit(url).path
        same = [one for one in known.values() if one.method == method]
        exact = [one.id for one in same if path in {one.path, one.path.removeprefix(self.base)}]
        return next(iter(exact or [one.id for one in same if one.matches(path) is not None]), None)


def _with_paths_in_bytes(app: App) -> App:
    """The application behind a client that gives paths as text where PEP 3333 has bytes."""

    def wrapped(environ: dict[str, Any], start_response: Any) -> Any:
        environ["PATH_INFO"] = environ["PATH_INFO"].encode().decode("latin-1")
        return app(environ, start_response)

    return wrapped
