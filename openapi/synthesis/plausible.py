"""What a value looks like, by the name of the property it stands for. Faker knows the words."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any, TypeVar

from openapi.synthesis.number import Range

_Faker = Any
"""A `faker.generator.Generator`; its methods come from its providers, which no type knows."""

_BETWEEN_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_FIRST_DAY = datetime(2023, 1, 1, tzinfo=UTC)
_SECONDS = 3 * 365 * 24 * 3600
"""Moments lie within these seconds of the first day: the same whenever they are made."""

Entry = TypeVar("Entry")
Faker = Any
"""A generator of Faker's; its providers are no part of its type."""


@cache
def snake_case(name: str) -> str:
    """`firstName`, `First-Name` and `first_name` are all `first_name`."""
    return _BETWEEN_WORDS.sub("_", name).strip("_").lower()


@cache
def singular(name: str) -> str:
    """The name of one item of a list with that name, as English mostly has it."""
    if name.endswith("ies"):
        return name[:-3] + "y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def moment(random: Random) -> datetime:
    """A moment of the recent past, in whole seconds."""
    return _FIRST_DAY + timedelta(seconds=random.randrange(_SECONDS))


def text(name: str, random: Random, longest: int | None = None) -> str | None:
    """A text for that name, None where the name says nothing.

    A country that may have two letters is a code.
    """
    entry = _entry(TEXTS, snake_case(name))
    if entry is None:
        return None
    made = entry(_faker(random))
    if longest is not None and len(made) > longest:
        shorter = _entry(SHORTER_TEXTS, snake_case(name))
        return made if shorter is None else shorter(_faker(random))
    return made


def words(random: Random) -> str:
    """A few words that could be anything."""
    return str(_faker(random).catch_phrase())


def word(random: Random) -> str:
    """A single word in lower case."""
    return str(_faker(random).word())


def range_for(name: str, *, whole: bool) -> Range:
    """What is sensible for a number of that name."""
    return _entry(RANGES, snake_case(name)) or (_SOME if whole else _SOME_DECIMAL)


def _entry(table: Mapping[str, Entry], name: str) -> Entry | None:
    """The entry of the longest end of the name that the table has: the last words tell most."""
    while name:
        if name in table:
            return table[name]
        name = name.partition("_")[2]
    return None


@cache
def _one_faker() -> _Faker:
    # Takes a fifth of a second, and thirty megabytes: only for who needs it.
    from faker import Factory  # noqa: PLC0415

    return Factory.create("en_US", use_weighting=False)


def _faker(random: Random) -> _Faker:
    faker = _one_faker()
    faker.random = random
    return faker


def _range(low: float, high: float, places: int = 0) -> Range:
    return Range(Fraction(low), Fraction(high), places)


_SOME = _range(1, 1_000)
_SOME_DECIMAL = _range(0, 1_000, 2)


def _by_faker(provider: str) -> Callable[[_Faker], str]:
    return lambda faker: str(getattr(faker, provider)())


def _full_name(faker: _Faker) -> str:
    return f"{faker.first_name()} {faker.last_name()}"


def _sentence(faker: _Faker) -> str:
    return str(faker.sentence(nb_words=8))


def _slug(faker: _Faker) -> str:
    return "-".join(faker.words(2))


def _digits(pattern: str) -> Callable[[_Faker], str]:
    return lambda faker: str(faker.numerify(pattern))


def _hexadecimal(length: int) -> Callable[[_Faker], str]:
    return lambda faker: f"{faker.random.getrandbits(4 * length):0{length}x}"


def _of(*values: str) -> Callable[[_Faker], str]:
    return lambda faker: faker.random.choice(values)


def _moment(shape: str) -> Callable[[_Faker], str]:
    return lambda faker: moment(faker.random).strftime(shape)


_timestamp = _moment("%Y-%m-%dT%H:%M:%SZ")

TEXTS: Mapping[str, Callable[[_Faker], str]] = {
    # People
    "first_name": _by_faker("first_name"),
    "given_name": _by_faker("first_name"),
    "firstname": _by_faker("first_name"),
    "last_name": _by_faker("last_name"),
    "family_name": _by_faker("last_name"),
    "lastname": _by_faker("last_name"),
    "surname": _by_faker("last_name"),
    "name": _full_name,
    "full_name": _full_name,
    "author": _full_name,
    "owner": _full_name,
    "username": _by_faker("user_name"),
    "user_name": _by_faker("user_name"),
    "nickname": _by_faker("user_name"),
    "login": _by_faker("user_name"),
    "email": _by_faker("safe_email"),
    "mail": _by_faker("safe_email"),
    "email_address": _by_faker("safe_email"),
    "phone": _digits("+1-202-555-01##"),
    "phone_number": _digits("+1-202-555-01##"),
    "mobile": _digits("+1-202-555-01##"),
    "fax": _digits("+1-202-555-01##"),
    "gender": _of("female", "male", "other"),
    "job": _by_faker("job"),
    "job_title": _by_faker("job"),
    "prefix": _by_faker("prefix"),
    "initials": _by_faker("random_uppercase_letter"),
    # Places
    "address": _by_faker("street_address"),
    "street": _by_faker("street_address"),
    "street_address": _by_faker("street_address"),
    "street_name": _by_faker("street_name"),
    "house_number": _by_faker("building_number"),
    "city": _by_faker("city"),
    "town": _by_faker("city"),
    "location": _by_faker("city"),
    "state": _by_faker("state"),
    "region": _by_faker("state"),
    "province": _by_faker("state"),
    "zip": _by_faker("postcode"),
    "zip_code": _by_faker("postcode"),
    "zipcode": _by_faker("postcode"),
    "postcode": _by_faker("postcode"),
    "postal_code": _by_faker("postcode"),
    "country": _by_faker("country"),
    "country_name": _by_faker("country"),
    "country_code": _by_faker("country_code"),
    "timezone": _by_faker("timezone"),
    "time_zone": _by_faker("timezone"),
    # Companies and money
    "company": _by_faker("company"),
    "company_name": _by_faker("company"),
    "organization": _by_faker("company"),
    "organisation": _by_faker("company"),
    "vendor": _by_faker("company"),
    "brand": _by_faker("company"),
    "currency": _by_faker("currency_code"),
    "currency_code": _by_faker("currency_code"),
    "iban": _by_faker("iban"),
    "bic": _by_faker("swift"),
    "card_number": _digits("4242424242424242"),
    "price": _digits("%#.##"),
    "amount": _digits("%##.##"),
    # Words
    "title": _by_faker("catch_phrase"),
    "subject": _by_faker("catch_phrase"),
    "headline": _by_faker("catch_phrase"),
    "label": _by_faker("word"),
    "tag": _by_faker("word"),
    "category": _by_faker("word"),
    "keyword": _by_faker("word"),
    "type": _by_faker("word"),
    "kind": _by_faker("word"),
    "key": _by_faker("word"),
    "slug": _slug,
    "description": _sentence,
    "summary": _sentence,
    "text": _sentence,
    "message": _sentence,
    "comment": _sentence,
    "note": _sentence,
    "notes": _sentence,
    "reason": _sentence,
    "detail": _sentence,
    "content": _sentence,
    "body": _sentence,
    "color": _by_faker("hex_color"),
    "colour": _by_faker("hex_color"),
    "language": _by_faker("language_code"),
    "language_code": _by_faker("language_code"),
    "lang": _by_faker("language_code"),
    "locale": _by_faker("locale"),
    "status": _of("active", "pending", "completed"),
    "status_code": _of("200", "201", "204"),
    # The machine
    "id": _by_faker("uuid4"),
    "uuid": _by_faker("uuid4"),
    "guid": _by_faker("uuid4"),
    "url": _by_faker("url"),
    "uri": _by_faker("url"),
    "href": _by_faker("url"),
    "link": _by_faker("url"),
    "website": _by_faker("url"),
    "homepage": _by_faker("url"),
    "avatar": _by_faker("image_url"),
    "image": _by_faker("image_url"),
    "host": _by_faker("hostname"),
    "hostname": _by_faker("hostname"),
    "domain": _by_faker("domain_name"),
    "ip": _by_faker("ipv4"),
    "ip_address": _by_faker("ipv4"),
    "mac_address": _by_faker("mac_address"),
    "user_agent": _by_faker("user_agent"),
    "file_name": _by_faker("file_name"),
    "filename": _by_faker("file_name"),
    "path": lambda faker: f"/{faker.word()}/{faker.word()}",
    "mime_type": _of("application/json", "image/png", "text/plain"),
    "content_type": _of("application/json", "image/png", "text/plain"),
    "version": _digits("%.#.#"),
    "token": _hexadecimal(32),
    "secret": _hexadecimal(32),
    "hash": _hexadecimal(40),
    "sha": _hexadecimal(40),
    "checksum": _hexadecimal(40),
    "etag": _hexadecimal(16),
    "password": _by_faker("password"),
    # Moments
    "date": _moment("%Y-%m-%d"),
    "birthday": _moment("%Y-%m-%d"),
    "date_of_birth": _moment("%Y-%m-%d"),
    "time": _moment("%H:%M:%SZ"),
    "timestamp": _timestamp,
    **{f"{done}_at": _timestamp for done in ("created", "updated", "deleted", "expires", "sent")},
    "at": _timestamp,
    "created": _timestamp,
    "updated": _timestamp,
    "year": _moment("%Y"),
}
"""How texts are made, by the last words of a name in snake_case."""

SHORTER_TEXTS: Mapping[str, Callable[[_Faker], str]] = {
    "country": _by_faker("country_code"),
    "state": _by_faker("state_abbr"),
    "region": _by_faker("state_abbr"),
    "province": _by_faker("state_abbr"),
    "name": _by_faker("first_name"),
    "title": _by_faker("word"),
    "description": _by_faker("word"),
    "id": _hexadecimal(8),
    "token": _hexadecimal(16),
    "phone": _digits("555-01##"),
    "color": _by_faker("color_name"),
}
"""The same for texts that must be short."""

RANGES: Mapping[str, Range] = {
    "id": _range(1, 10_000),
    "age": _range(18, 90),
    "year": _range(2000, 2025),
    "month": _range(1, 12),
    "day": _range(1, 28),
    "hour": _range(0, 23),
    "minute": _range(0, 59),
    "second": _range(0, 59),
    "latitude": _range(-90, 90, 6),
    "lat": _range(-90, 90, 6),
    "longitude": _range(-180, 180, 6),
    "lng": _range(-180, 180, 6),
    "lon": _range(-180, 180, 6),
    **dict.fromkeys(("price", "amount", "cost", "fee", "tax"), _range(1, 500, 2)),
    **dict.fromkeys(("total", "subtotal", "balance"), _range(1, 2_000, 2)),
    "percent": _range(0, 100),
    "percentage": _range(0, 100),
    "progress": _range(0, 100),
    "discount": _range(0, 50),
    "rate": _range(0, 1, 2),
    "ratio": _range(0, 1, 2),
    "probability": _range(0, 1, 2),
    "rating": _range(1, 5),
    "stars": _range(1, 5),
    "score": _range(0, 100),
    "quantity": _range(1, 20),
    "count": _range(1, 100),
    "page": _range(1, 10),
    "pages": _range(1, 10),
    "limit": _range(10, 100),
    "per_page": _range(10, 100),
    "offset": _range(0, 100),
    "size": _range(1, 10_000),
    "width": _range(100, 1_920),
    "height": _range(100, 1_080),
    "weight": _range(1, 100, 1),
    "temperature": _range(-10, 35, 1),
    "duration": _range(1, 3_600),
    "seconds": _range(1, 3_600),
    "port": _range(1_024, 65_535),
    "status_code": _range(200, 204),
    "priority": _range(1, 5),
    "position": _range(1, 20),
    "version": _range(1, 10),
    **dict.fromkeys(
        ("timestamp", "at", "created", "updated", "time", "date"),
        _range(1_672_531_200, 1_672_531_200 + _SECONDS),
    ),
}
"""What is sensible for numbers, by the last words of a name in snake_case."""
