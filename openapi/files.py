"""Descriptions in several files become one document.

A file that a reference names is put below `x-understudy-files` of the main document, and the
reference leads there: nothing after this file knows that there was more than one.
"""

from pathlib import Path

from openapi.loading import Document, UnusableDescription, load
from openapi.references import FILES, references
from openapi.schemas import escaped


def gathered(path: Path, document: Document) -> Document:
    """The document together with all files that it refers to.

    Raises UnusableDescription for a reference that leaves the description's folder, names a remote
    address, or names a file that cannot be read.
    """
    root = path.resolve().parent
    files: dict[str, Document] = {}
    waiting = [(path.resolve(), "", document)]
    while waiting:
        file, place, content = waiting.pop()
        for pointer, node in list(references(content)):
            target, _, fragment = node["$ref"].partition("#")
            if not target:
                if place:
                    node["$ref"] = f"#{place}{fragment}"
                continue
            found = _within(root, file, f"{place}{pointer}/$ref", target)
            name = found.relative_to(root).as_posix()
            new_place = f"/{FILES}/{escaped(name)}"
            if found == path.resolve():
                new_place = ""
            elif name not in files:
                files[name] = load(found)
                waiting.append((found, new_place, files[name]))
            node["$ref"] = f"#{new_place}{fragment}"
    return document | {FILES: files} if files else document


def _within(root: Path, file: Path, pointer: str, target: str) -> Path:
    if "://" in target:
        raise UnusableDescription(
            file, pointer, f"{target} is remote. Keep a copy beside the description."
        )
    found = (file.parent / target).resolve()
    if not found.is_relative_to(root):
        raise UnusableDescription(
            file, pointer, f"{target} leads out of the description's folder. Move it inside."
        )
    if not found.is_file():
        raise UnusableDescription(file, pointer, f"There is no file {target}.")
    return found
