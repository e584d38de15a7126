"""What a behaviour gives back when it has more to say than a body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mock_server.refusals import Refusal


@dataclass(slots=True)  # frozen would cost a microsecond
class Answer:
    """A body with its status, headers and media type; what is None is taken from the description.

    An answer made of a `refusal` looks as if it had been raised, but nothing is rolled back:
    for operations that must refuse and still leave something behind, such as a mail.
    """

    body: Any = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str | None = None
    refusal: Refusal | None = None
    exemplary: bool = False
    """Whether it comes from the description, which is then to blame where it does not fit."""


Result = Any
"""What a behaviour returns: `body`, `(body, status)` or an `Answer`."""
