"""Whether a run got behind the door: answers that tell nothing of an implementation, in words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from contracts.seen import Seen
from contracts.target import CLOSED
from openapi.description import Operation

_NOBODY = 401
_FEW = 5
"""So many operations are named."""
_MENDS = {
    404: "--url stands in the place of the description's first server URL: does it need that one's "
    "path, such as /v1, at its end?",
    403: "These credentials may do nothing there: give it others, or mend what lets nobody in.",
    407: "A proxy on the way wants credentials.",
    429: "It takes no more requests: wait, or keep to its limit with --rate-limit.",
    502: "What stands before it is up, and it is not: start it, or mend --url.",
    503: "It is not in service: start it, or mend --url.",
    504: "What stands before it gets no answer in time: start it, or mend --url.",
}
"""What to do where nothing else comes, by status."""
_OF_SOME = {0, 401, 403, 429}
"""What a reader is told of single operations as well: nothing else in a report says it."""


def told_of_all(
    seen: Seen, url: str, operations: Sequence[Operation], variables: Iterable[str] = ()
) -> str:
    """Why nothing could be tested, on one line; empty where something could.

    `variables` are those of the environment by which credentials can be given.
    """
    statuses: Counter[int] = Counter()
    for one in operations:
        own = seen.of(one.name).statuses
        if not _is_shut(own, one):
            return ""
        statuses += own
    if not statuses:
        return told_of_silence(url)
    came = [status for status, _ in statuses.most_common() if status]
    if not came:
        return (
            f"{url} answered none of {statuses.total()} requests. {seen.failure}{_hint(seen, url)}"
        )
    told = f"Nothing at {url} was answered with anything but {' and '.join(map(str, came[:3]))}."
    # What is nowhere may be hidden from who may see nothing.
    door = _NOBODY if _NOBODY in came[:3] and variables else came[0]
    return f"{told} {_mend(door, seen, variables)}"


def told_of_silence(url: str) -> str:
    """What is said of a target that took all the time of a run."""
    told = f"The time of the run was over before {url} gave an answer."
    return f"{told} Is it up? --max-time waits longer."


def told_of_some(
    seen: Seen, operations: Sequence[Operation], variables: Iterable[str] = ()
) -> Iterator[str]:
    """Which operations could not be tested, and why: one line for each status."""
    shut: dict[int, list[str]] = {}
    for one in operations:
        own = seen.of(one.name).statuses
        if own and own.keys() <= _OF_SOME:
            shut.setdefault(own.most_common(1)[0][0], []).append(one.name)
    for status, names in shut.items():
        more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
        came = f"Nothing but {status} came" if status else "No answer came"
        mend = _mend(status, seen, variables) if status else seen.failure
        yield f"{came} from {', '.join(names[:_FEW])}{more}. {mend}"


def _is_shut(statuses: Iterable[int], operation: Operation) -> bool:
    """Whether all that came is what comes of a door, and not of what is behind it."""
    return all(
        status in {0, _NOBODY}
        or status in _MENDS
        or (_is_redirect(status) and not operation.response(status))
        for status in statuses
    )


def _is_redirect(status: int) -> bool:
    return 300 <= status < 400  # noqa: PLR2004


def _mend(status: int, seen: Seen, variables: Iterable[str]) -> str:
    if status == _NOBODY:
        named = " or ".join(variables)
        more = f", or by {named} in the environment" if named else ""
        return f"Give it credentials: with -H{more}."
    if _is_redirect(status):
        return f"It leads to {seen.led_to[:200] or 'nowhere'}: is that where --url should lead?"
    return _MENDS[status]


def _hint(seen: Seen, url: str) -> str:
    is_odd = seen.failure == CLOSED and url.startswith("http:")
    return " Is it https:// and not http://?" if is_odd else ""
