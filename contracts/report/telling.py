"""How reports for people put things into words: requests, bodies, parts of a run."""

from urllib.parse import urlsplit

from contracts.curl import curl
from contracts.exchange import Headers, Request, first
from contracts.findings import Finding, Kind, Told
from contracts.outcome import Outcome

LABELS = {Kind.FAULT: "broken", Kind.GAP: "gap", Kind.UNCLEAR: "unclear"}

IN_PROCESS = "testserver"
"""The host by which applications in this process are served."""
UNTESTED = "No walk of this run put it to the test."


def by_hand(outcome: Outcome, finding: Finding) -> list[str]:
    """The requests of a finding's history as lines for a shell; none leads into a process."""
    if urlsplit(outcome.target).hostname == IN_PROCESS:
        return []
    return [curl(told.request) for told in finding.history]


def reason(outcome: Outcome, law: str) -> str:
    """Why a law was not tested."""
    return outcome.reasons.get(law) or UNTESTED


def counted(number: int, one: str, many: str | None = None) -> str:
    """A number with its word, as in `1 finding` and `2 findings`."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def shown(text: str, kept: str = "") -> str:
    """A text in which what cannot be seen is written out, so that it cannot act on a terminal or
    turn the reading direction; `kept` are characters that stay.
    """
    return "".join(
        one if one.isprintable() or one in kept else one.encode("unicode_escape").decode()
        for one in text
    )


def cut(text: str, most: int) -> str:
    """The beginning of a text, with how much is left out."""
    left = len(text) - most
    return text if left <= 0 else f"{text[:most]}… ({left} more)"


def body_told(headers: Headers, body: bytes) -> str:
    """A body as text, or how many bytes it has where it is none; what is not seen stays in it."""
    if not body:
        return ""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        media_type = first(headers, "content-type") or "no media type"
        return f"({counted(len(body), 'byte')} that are no text, {media_type})"
    return text


def path_told(request: Request, target: str) -> str:
    """The URL of a request from the target on."""
    rest = request.url.removeprefix(target)
    if rest != request.url and rest.startswith(("/", "?")):
        return rest
    try:
        parts = urlsplit(request.url)
    except ValueError:
        return request.url
    return parts._replace(scheme="", netloc="").geturl() or "/"


def answer_told(told: Told) -> str:
    """The status of an answer, or why none came."""
    if told.response is not None:
        return str(told.response.status)
    return told.failure or "no answer"


def where(finding: Finding) -> str:
    """The operations where it shows, and the property, parameter or header that shows it."""
    operations = ", ".join(finding.operations)
    return f"{operations} ({finding.place})" if finding.place else operations
