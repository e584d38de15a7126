"""Durations by the calendar, as ISO 8601 writes them: `P1M` is a month, however many its days."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta

from openapi.shapes import spelling

_LIFETIMES = {
    *("lifetime", "ttl", "expiresin", "expiresinseconds", "lifetimeseconds", "ttlseconds"),
    *("duration", "durationseconds", "validfor", "maxage", "expiry", "tokenlifetime"),
    *("expiresafter", "expiresafterseconds", "validseconds", "validforseconds"),
}

_TEXT = re.compile(
    r"P(?=[0-9T])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<weeks>[0-9]+)W)?"
    r"(?:(?P<days>[0-9]+)D)?(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+)S)?)?"
)


def is_lifetime(name: str) -> bool:
    """Whether a property says for how many seconds something is to last: `ttl`, `expires_in`."""
    return spelling(name) in _LIFETIMES


@dataclass(frozen=True, slots=True)
class Duration:
    """Months, and seconds on top of them."""

    months: int
    seconds: int

    def after(self, moment: datetime) -> datetime:
        """The moment so much later; in a month that is too short, on its last day.

        Raises OverflowError beyond the last year that there is.
        """
        year, month = divmod(moment.year * 12 + moment.month - 1 + self.months, 12)
        if year > MAXYEAR:
            raise OverflowError("date value out of range")
        day = min(moment.day, monthrange(year, month + 1)[1])
        moved = moment.replace(year=year, month=month + 1, day=day)
        return moved + timedelta(seconds=self.seconds)


def duration(text: str) -> Duration:
    """What a text such as `P7D` or `PT15M` says (RFC 3339, appendix A). Raises ValueError."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no duration")
    of = {name: int(number or 0) for name, number in found.groupdict().items()}
    days = 7 * of["weeks"] + of["days"]
    seconds = ((24 * days + of["hours"]) * 60 + of["minutes"]) * 60 + of["seconds"]
    return Duration(12 * of["years"] + of["months"], seconds)
