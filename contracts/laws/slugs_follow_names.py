"""A slug is made of the name that it stands for (nullplatform)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from contracts.api import Api
from contracts.history import History
from contracts.law import Chance, broken, kept
from contracts.stage import Stage
from contracts.steps import Fresh
from openapi import shapes
from openapi.resources import Resource, Role

_RESOURCES = {"link", "link/action"}


def subjects(api: Api) -> Iterable[Resource]:
    """Nullplatform's links and actions, which have names and slugs."""
    for resource in api.resources_with(Role.CREATE):
        described = shapes.properties(resource.item_schema)
        if resource.name in _RESOURCES and {"name", "slug"} <= described.keys():
            yield resource


def provoke(stage: Stage, subject: Resource) -> None:
    """Create items with names of several words and signs."""
    for number, form in enumerate(("My Item {}", "UPPER_lower {}!", "Ünïcode & more {}")):
        stage.create(subject, changes={"name": Fresh(f"name{number}", form)})


def check(history: History) -> Iterator[Chance]:
    """The slug is the name in small letters, its words joined by hyphens; a number may follow."""
    for made in history.chosen(Role.CREATE):
        if made.collection is None or made.collection.resource not in _RESOURCES:
            continue
        item, sent = made.item, made.sent
        if item is None or not isinstance(sent, Mapping) or "slug" in sent:
            continue
        name, slug = sent.get("name"), item.get("slug")
        if not isinstance(name, str) or not isinstance(slug, str) or not _slug(name):
            continue
        if re.fullmatch(rf"{re.escape(_slug(name))}(-[0-9a-z]+)?", slug):
            yield kept(made)
        else:
            yield broken("A slug does not follow from its name.", made, place="slug")


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
