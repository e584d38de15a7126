"""What the name of a property tells of it: whether it changes by itself, is money, or an owner."""

import re

from openapi.shapes import spelling

_RESTLESS = re.compile(
    r".*(updated|modified|changed|lastseen|lastaccess|lastview|lastused|lastread|lastopen|expir|version|revision|etag"
    r"|delta|lateness|estimated|(?<!re)(?<!inter)views|hits|clicks|visits|downloads|(?<!ac)(?<!dis)count(?!r|y|ies)"
    r"|remaining|elapsed|uptime|signature|token|popularity|(?<!f)rank|score).*|age|rev|now|time|ttl|seenat|accessedat|viewedat|openedat|links?|url|href|position|sortorder|isdefault|default|isprimary|primary"
)
"""Names of what a server may change without being asked to."""
_STATUS = re.compile(r".*(status|state|phase|stage|progress)|step")
_HIDING = re.compile(
    r"(is)?(draft|published|hidden|visible|visibility|private|public|archived|active|enabled"
    r"|approved|deleted|disabled|removed)(at|on)?"
)
"""Names of what may keep an item out of a list, or say that it was deleted."""
_HIDDEN = re.compile(
    r".*(draft|pending|archiv|inactive|disabled|hidden|delet|remov|expired|closed|cancel|revok"
    r"|trash|gone|private|unpublished|terminat|void).*"
)
"""Statuses of items that lists may leave out."""
_GONE = re.compile(r".*(delet|remov|archiv|cancel|revok|inactiv|disabl|clos|trash|terminat|void).*")
"""Statuses that say of an item that it was deleted."""
_MONEY = re.compile(r".*(price|amount|cost|total|balance|money|fee|salary|budget|tax|fare).*")
_OWNERS = re.compile(
    r"(created|updated|modified|owned)by(id)?|(owner|user|author|tenant|account|organi[sz]ation)(id)?"
)
_TIMES = re.compile(
    r"(date|time)?(last)?(created|updated?|modified|changed|deleted)(at|on|date|time)?"
)
_MARKS = re.compile(
    r"(date|time)?(last)?(updated?|modified|modification|changed)(at|on|date|time)?"
    r"|revision|version|etag"
)
_SELECTS = re.compile(
    r"\$?(include|expand|embed|fields|select|view|with|details?|full|verbose|projection|exclude|omit"
    r"|show|depth|extended).*"
)
_EMAIL = re.compile(r".*e?mail(address)?")


def selects(parameter: str) -> bool:
    """Whether a query parameter says what is to be shown of an item."""
    return _SELECTS.fullmatch(spelling(parameter)) is not None


def is_restless(name: str) -> bool:
    """Whether a server may change it by itself, such as `updated_at` or `views`."""
    return _RESTLESS.fullmatch(spelling(name)) is not None


def is_status(name: str) -> bool:
    """Whether it says how far an item has come."""
    return _STATUS.fullmatch(spelling(name)) is not None


def is_money(name: str) -> bool:
    """Whether it is an amount of money, which has two decimals as a rule."""
    return _MONEY.fullmatch(spelling(name)) is not None


def is_owner(name: str) -> bool:
    """Whether it says whose an item is."""
    return _OWNERS.fullmatch(spelling(name)) is not None


def is_time_of_record(name: str) -> bool:
    """Whether it says when an item was created, changed or deleted."""
    return _TIMES.fullmatch(spelling(name)) is not None


def names_parent(name: str) -> bool:
    """Whether it names an item of the same kind that it is below, such as a folder's folder."""
    return re.fullmatch(r"parent(id|key|uuid)?", spelling(name)) is not None


def is_mark_of_change(name: str) -> bool:
    """Whether it tells of the last change: when that was, or of how many it is the last."""
    return _MARKS.fullmatch(spelling(name)) is not None


def is_email(name: str) -> bool:
    """Whether it is an address for mail, which many servers write in lower case."""
    return _EMAIL.fullmatch(spelling(name)) is not None


def may_hide(name: str, value: object) -> bool:
    """Whether a property may be why a list leaves its item out."""
    if _HIDING.fullmatch(spelling(name)):
        return True
    return is_status(name) and isinstance(value, str) and bool(_HIDDEN.match(value.lower()))


def says_gone(name: str, value: object) -> bool:
    """Whether a property says that its item was deleted, archived or the like."""
    called = spelling(name)
    if is_status(name) or called in {"visibility", "kind", "type"}:
        return isinstance(value, str) and bool(_GONE.match(value.lower()))
    if re.fullmatch(r"(is)?(active|enabled|visible|available)", called):
        return value is False
    if re.fullmatch(r"(is|was)?(deleted|archived|removed|disabled)(at|on|date)?", called):
        return bool(value)
    return False
