"""What a client asks of the answer itself: `Prefer` (RFC 7240), or `__` entries of the query."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

_KNOWN = ("code", "example", "dynamic", "seed")


@dataclass(frozen=True, slots=True)
class Preferences:
    """The preferences of one request; None where it has none."""

    code: int | None = None
    example: str | None = None
    dynamic: bool | None = None
    seed: int | None = None

    @property
    def chooses_answer(self) -> bool:
        """Whether the described answer is wanted, and not what the sandbox has to say."""
        return self.code is not None or self.example is not None or self.dynamic is not None

    def applied(self) -> str:
        """The value of `Preference-Applied`."""
        named = ((name, getattr(self, name)) for name in _KNOWN)
        return ", ".join(
            f"{name}={str(value).lower()}" for name, value in named if value is not None
        )


NONE = Preferences()


def of(headers: Mapping[str, str], query: bytes) -> Preferences:
    """The preferences of a request; what cannot be read is left out (RFC 7240 section 2)."""
    header = headers.get("prefer")
    if header is not None:
        given = dict(_entries(header))
    elif b"__" in query:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
        given = {name[2:]: value for name, value in pairs if name.startswith("__")}
    else:
        return NONE
    code, seed = given.get("code", ""), given.get("seed", "")
    return Preferences(
        code=int(code) if len(code) == 3 and code.isdecimal() else None,  # noqa: PLR2004
        example=given.get("example") or None,
        dynamic={"true": True, "false": False}.get(given.get("dynamic", "")),
        seed=int(seed) if seed.isdecimal() else None,
    )


def _entries(header: str) -> Iterator[tuple[str, str]]:
    for entry in header.replace(";", ",").split(","):
        name, _, value = entry.partition("=")
        yield name.strip().lower(), value.strip().strip('"')
