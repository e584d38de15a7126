"""Descriptions in several files become one document.

A file that a reference names is put below `x-understudy-files` of the main document, and the
reference leads there: nothing after this file knows that there was more than one.
"""

from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from openapi.loading import Document, UnusableDescription, load
from openapi.pointers import escaped
from openapi.references import FILES, mentions, references

Source = Path | str
"""Where a document comes from: a file, or a URL."""


def gathered(source: Source, document: Document, *, remote: bool = False) -> Document:
    """The document together with all files that it refers to, also those at URLs where `remote`.

    Raises UnusableDescription for a reference that leaves the description's folder, names a remote
    address without leave, or names what cannot be read.
    """
    if all(target.startswith("#") for target in mentions(document).targets):
        return document
    folder = _Folder(source, remote=remote)
    files: dict[str, Document] = {}
    waiting = [(folder.main, "", document)]
    while waiting:
        file, place, content = waiting.pop()
        for pointer, node in list(references(content)):
            target, _, fragment = node["$ref"].partition("#")
            if not target:
                if place:
                    node["$ref"] = f"#{place}{fragment}"
                continue
            found = folder.meant(file, f"{pointer}/$ref", target)
            name = folder.name(found)
            new_place = f"/{FILES}/{quote(escaped(name), safe='~')}"
            if found == folder.main:
                new_place = ""
            elif name not in files:
                files[name] = load(found)
                waiting.append((found, new_place, files[name]))
            node["$ref"] = f"#{new_place}{fragment}"
    return document | {FILES: files} if files else document


class _Folder:
    """What a description may refer to: its own folder, and more where that is allowed."""

    def __init__(self, source: Source, *, remote: bool) -> None:
        self.main: Source = source.resolve() if isinstance(source, Path) else source
        self._remote = remote

    def name(self, found: Source) -> str:
        """How a file is called within the document."""
        if isinstance(found, Path) and isinstance(self.main, Path):
            return found.relative_to(self.main.parent).as_posix()
        return str(found)

    def meant(self, file: Source, pointer: str, target: str) -> Source:
        """What a reference in `file` names. Raises UnusableDescription where it may not."""
        if isinstance(file, str) or "://" in target:
            return self._url(file, pointer, target)
        assert isinstance(self.main, Path)
        try:
            found = (file.parent / unquote(target)).resolve()
            is_file = found.is_file()
        except (OSError, ValueError, RuntimeError):  # too long, a null byte, links in a circle
            found, is_file = file, False
        if not found.is_relative_to(self.main.parent):
            problem = f"{target} leads out of the description's folder. Move it inside."
            raise UnusableDescription(file, pointer, problem)
        if not is_file:
            raise UnusableDescription(file, pointer, f"There is no file {target[:200]}.")
        return found

    def _url(self, file: Source, pointer: str, target: str) -> str:
        try:
            found = urljoin(str(file), target) if isinstance(file, str) else target
            scheme = urlsplit(found).scheme
        except ValueError as error:
            raise UnusableDescription(file, pointer, f"{target} is no URL: {error}.") from error
        if scheme not in {"http", "https"}:
            problem = f"{target} cannot be fetched. Keep a copy beside the description."
            raise UnusableDescription(file, pointer, problem)
        # What stands beside a description that was fetched is a part of it.
        beside = isinstance(self.main, str) and found.startswith(urljoin(self.main, "."))
        if not beside and not self._remote:
            problem = (
                f"{target} is remote. Keep a copy beside the description, or allow it "
                "(`serve --allow-remote-refs`)."
            )
            raise UnusableDescription(file, pointer, problem)
        return found
