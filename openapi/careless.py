"""Careless documents: what is plain in its meaning is mended with a note, the rest is refused.

Only what stands above the schemas, and what an operation reaches by references, is looked at:
schemas are made usable when they are copied.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from openapi.loading import Document
from openapi.pointers import escaped, resolved
from openapi.structure import DOCUMENT, METHODS, OLD_DOCUMENT, Note, Shaper
from openapi.versions import is_old, old_urls
from openapi.yaml_loader import NumberKey

PLACES = ("query", "path", "header", "cookie")
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_STATUS = re.compile(r"[1-5](\d\d|XX|xx)|default|DEFAULT|Default")


def mended(source: Path | str, document: Document) -> list[Note]:
    """Mend a document where it stands; the notes say what was assumed.

    Raises UnusableDescription for what cannot be understood.
    """
    shaper = Shaper(source, document)
    old = is_old(document)
    shaper.shape(document, OLD_DOCUMENT if old else DOCUMENT, "")
    if not isinstance(document.get("info"), dict):
        shaper.note("", "there is no `info`; the file's name is the title.")
    mending = _Mending(shaper, document)
    mending.servers(is_old=old)
    mending.schemes("securityDefinitions" if old else "components")
    mending.paths((*PLACES, "body", "formData") if old else PLACES)
    return shaper.notes


class _Mending:
    """What is said by a document whose shape is right."""

    def __init__(self, shaper: Shaper, document: Document) -> None:
        self.note = shaper.note
        self.refusal = shaper.refusal
        self._document = document
        self._ids: Counter[str] = Counter()
        self._known_schemes: set[str] = set()

    def servers(self, *, is_old: bool) -> None:
        """Refuse servers that are no URL."""
        if is_old:
            found = [("/host", url) for url in old_urls(self._document)]
        else:
            listed = self._document.get("servers") or []
            found = [(f"/servers/{at}/url", server_url(one)) for at, one in enumerate(listed)]
        for place, url in found:
            try:
                _ = urlsplit(urljoin("/", url)).netloc
            except ValueError as error:
                raise self.refusal(place, f"{url} is no URL: {error}.") from error

    def schemes(self, holder: str) -> None:
        """Learn the security schemes, and leave out those that say too little."""
        components = self._document.get("components") or {}
        is_old = holder == "securityDefinitions"
        listed = self._document.get(holder) if is_old else components.get("securitySchemes")
        found: dict[str, Any] = listed or {}
        place = f"/{holder}" if is_old else "/components/securitySchemes"
        for name, node in list(found.items()):
            scheme = resolved(self._document, node)
            known = "name" in scheme and scheme.get("in") in {"query", "header", "cookie"}
            if scheme.get("type") == "apiKey" and not known:
                assumed = "an API key needs `name`, and `in`; anything is accepted for it."
                self.note(f"{place}/{escaped(name)}", assumed)
                del found[name]
            else:
                self._known_schemes.add(name)
        self._requirements(self._document.get("security"), "/security")

    def _requirements(self, listed: Any, pointer: str) -> None:
        for index, alternative in enumerate(listed or ()):
            for name in alternative:
                if name not in self._known_schemes:
                    self.note(
                        f"{pointer}/{index}/{escaped(name)}",
                        "there is no such security scheme; anything is accepted for it.",
                    )

    def paths(self, places: tuple[str, ...]) -> None:
        """Mend the paths and their operations."""
        paths: dict[str, Any] = self._document.get("paths") or {}
        for template in [key for key in paths if not key.startswith("x-")]:
            self._template(paths, template, f"/paths/{escaped(template)}")
        for template, node in paths.items():
            if not template.startswith("x-"):
                pointer = f"/paths/{escaped(template)}"
                item = resolved(self._document, node)
                shared = self._parameters(item, pointer, places)
                for _, place, operation in operations_of(item, pointer):
                    self._operation(operation, place, template, shared, places)

    def _template(self, paths: dict[str, Any], template: str, pointer: str) -> None:
        """A path begins with a slash, and names each of its parameters once."""
        wanted = template if template.startswith("/") else f"/{template}"
        names = Counter[str]()

        def once(found: re.Match[str]) -> str:
            names[found[1]] += 1
            return found[0] if names[found[1]] == 1 else f"{{{found[1]}_{names[found[1]]}}}"

        wanted = _PLACEHOLDER.sub(once, wanted)
        if wanted == template:
            return
        if wanted in paths:
            raise self.refusal(pointer, f"It means the same as {wanted}. Leave one of them out.")
        self.note(pointer, f"it is read as {wanted}.")
        items = [(wanted if key == template else key, item) for key, item in paths.items()]
        paths.clear()
        paths.update(items)

    def _parameters(
        self, holder: Mapping[str, Any], pointer: str, places: tuple[str, ...]
    ) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for index, node in enumerate(holder.get("parameters") or ()):
            raw = resolved(self._document, node)
            if not isinstance(raw.get("name"), str) or raw.get("in") not in places:
                problem = f"A parameter needs a `name`, and `in` with one of {', '.join(places)}."
                raise self.refusal(f"{pointer}/parameters/{index}", problem)
            found.add((raw["in"], raw["name"]))
        return found

    def _operation(
        self,
        operation: dict[str, Any],
        pointer: str,
        template: str,
        shared: set[tuple[str, str]],
        places: tuple[str, ...],
    ) -> None:
        declared = shared | self._parameters(operation, pointer, places)
        for name in _PLACEHOLDER.findall(template):
            if ("path", name) not in declared:
                self.note(pointer, f"the path parameter `{name}` is not declared; it is any text.")
        if not operation.get("responses"):
            self.note(pointer, "there are no responses; it answers 200 without a body.")
        self._statuses(operation.get("responses") or {}, f"{pointer}/responses")
        self._requirements(operation.get("security"), f"{pointer}/security")
        if "operationId" in operation:
            name = operation["operationId"]
            self._ids[name] += 1
            if self._ids[name] > 1:
                self.note(f"{pointer}/operationId", f"{name} is taken; this one has none.")
                del operation["operationId"]

    def _statuses(self, responses: dict[str, Any], pointer: str) -> None:
        for status in list(responses):
            place = f"{pointer}/{escaped(status)}"
            if isinstance(status, NumberKey):
                self.note(place, f"the status is a number; it is read as the text '{status}'.")
            if not status.startswith("x-") and not _STATUS.fullmatch(status):
                self.note(place, "it is no status, range or `default`; it is left out.")
                del responses[status]


def operations_of(
    item: Mapping[str, Any], pointer: str
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The operations of a path: method, pointer and node; any method at all since 3.2."""
    for method in METHODS:
        if method in item:
            yield method.upper(), f"{pointer}/{method}", item[method]
    for method, node in (item.get("additionalOperations") or {}).items():
        yield method, f"{pointer}/additionalOperations/{escaped(method)}", node


def server_url(server: Mapping[str, Any]) -> str:
    """The URL of a server with the defaults of its variables."""
    url = str(server.get("url", ""))
    for name, variable in (server.get("variables") or {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url


def told(notes: list[Note], tell: Callable[[str], None], most: int = 20) -> None:
    """Tell the first notes, and how many there are beyond them."""
    for note in notes[:most]:
        tell(str(note))
    if len(notes) > most:
        tell(f"{notes[0].source}: /: and {len(notes) - most} more notes like these.")
