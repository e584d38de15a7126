"""Refusals: one class per kind of answer that turns a request down (RFC 9110 section 15.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One place of a request that breaks the description."""

    place: str
    """Where it is: `body`, `query`, `path`, `header` or `cookie`."""
    pointer: str
    """JSON pointer (RFC 6901) into the body, or `/name` of a parameter."""
    keyword: str
    """The JSON Schema keyword that is broken, such as `required` or `type`."""
    message: str
    value: Any = None
    """What was given; None where nothing was."""
    expected: Any = None
    """The keyword's value in the schema, such as the list of an `enum`."""

    @property
    def field(self) -> str:
        """The name at the end of the pointer."""
        return self.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


class Refusal(Exception):  # noqa: N818 - "refusal" is the project's word for it
    """An answer that turns a request down; raising it rolls the operation's transaction back."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal Server Error"

    def __init__(
        self, detail: str, *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})


class BadRequest(Refusal):
    """The request cannot be understood, or the state forbids it where the API says 400."""

    status = 400
    title = "Bad Request"


class Unauthorized(Refusal):
    """Credentials are missing or not accepted."""

    status = 401
    title = "Unauthorized"


class Forbidden(Refusal):
    """The credentials do not reach this far."""

    status = 403
    title = "Forbidden"


class NotFound(Refusal):
    """Nothing is there."""

    status = 404
    title = "Not Found"


class MethodNotAllowed(Refusal):
    """The path exists, this method on it does not; `Allow` names those that do."""

    status = 405
    title = "Method Not Allowed"


class NotAcceptable(Refusal):
    """No documented media type fits the `Accept` header."""

    status = 406
    title = "Not Acceptable"


class Conflict(Refusal):
    """The state forbids it."""

    status = 409
    title = "Conflict"


class Gone(Refusal):
    """It was there, and will not come back."""

    status = 410
    title = "Gone"


class TooLarge(Refusal):
    """The body is over the limit."""

    status = 413
    title = "Content Too Large"


class UnsupportedMediaType(Refusal):
    """The body's media type is not among the documented ones."""

    status = 415
    title = "Unsupported Media Type"


class Unprocessable(Refusal):
    """The body is well-formed and breaks the description."""

    status = 422
    title = "Unprocessable Content"


class ServerError(Refusal):
    """The mock itself failed: a behaviour raised, or its answer broke the description."""

    status = 500
    title = "Internal Server Error"


def problem(refusal: Refusal) -> dict[str, Any]:
    """The refusal as problem details (RFC 9457), for APIs that document no shape of their own."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
    }
    if refusal.faults:
        body["errors"] = [
            {"in": fault.place, "pointer": fault.pointer, "detail": fault.message}
            for fault in refusal.faults
        ]
    return body
