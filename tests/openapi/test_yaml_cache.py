"""Large YAML files are parsed once, and whatever happens to the cache, the same comes out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from openapi import yaml_cache
from openapi.loading import UnusableDescription, load
from openapi.yaml_loader import NumberKey


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A YAML file that is worth keeping, and a cache folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "large.yaml"
    lines = [f"key{number}: {{a: '{number}', b: [1.5, null, true, é]}}" for number in range(8_000)]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert path.stat().st_size > yaml_cache.LEAST
    return path


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry for each time that YAML is parsed."""
    counted: list[int] = []
    parse = yaml.load

    def counting(text: str, loader: Any) -> Any:
        counted.append(len(text))
        return parse(text, loader)

    monkeypatch.setattr(yaml, "load", counting)
    return counted


def kept(folder: Path) -> list[Path]:
    """The files of the cache."""
    return sorted((folder / "cache" / "understudy").glob("*"))


def test_a_large_file_is_parsed_once(large: Path, parses: list[int], tmp_path: Path) -> None:
    """The second time, what the first made is taken from the cache; a change is noticed."""
    first = load(large)
    assert load(large) == first
    assert len(parses) == 1
    assert len(kept(tmp_path)) == 1
    large.write_text(large.read_text(encoding="utf-8") + "\nmore: 1\n", encoding="utf-8")
    assert load(large) == first | {"more": 1}
    assert len(parses) == 2


def test_a_number_is_told_from_a_text_that_looks_like_one(large: Path, parses: list[int]) -> None:
    """Which keys were written as numbers is known the second time, too, and their order is kept."""
    text = "\nresponses: {'404': {}, 200: {}, other: {}}\nlist: [{1: {2: a, '2b': b}}]\n"
    large.write_text(large.read_text(encoding="utf-8") + text, encoding="utf-8")
    for document in (load(large), load(large)):
        responses, (inner,) = document["responses"], document["list"]
        assert list(responses) == ["404", "200", "other"]
        assert [key for key in responses if isinstance(key, NumberKey)] == ["200"]
        assert [type(key) for key in (*inner, *inner["1"])] == [NumberKey, NumberKey, str]
    assert len(parses) == 1


def test_nothing_but_comments_is_nothing(large: Path) -> None:
    """A large file in which there is nothing is no object, kept or not."""
    large.write_text("# nothing\n" * 30_000)
    for _ in range(2):
        with pytest.raises(UnusableDescription, match="no object"):
            load(large)


def test_an_alias_bomb_is_not_written_out(large: Path, tmp_path: Path) -> None:
    """A large file whose aliases would unfold for ever is refused before it is kept."""
    lines = [large.read_text(encoding="utf-8"), "x0: &a0 [[], []]"]
    lines += [f"x{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    large.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(UnusableDescription, match="aliases"):
        load(large)
    assert kept(tmp_path) == []


def test_a_small_file_is_not_kept(large: Path, tmp_path: Path) -> None:
    """A file that is parsed at once leaves no trace."""
    large.write_text("a: 1")
    load(large)
    assert kept(tmp_path) == []


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "folder", "deep"])
def test_a_damaged_cache_is_not_believed(
    large: Path, parses: list[int], tmp_path: Path, damage: str
) -> None:
    """A file of the cache that is not what was written is parsed again."""
    first = load(large)
    (file,) = kept(tmp_path)
    content = file.read_bytes()
    if damage == "folder":
        file.unlink()
        file.mkdir()
    else:
        nested = content[:65] + b"[" * 100_000
        changed = content.replace(b'"7"', b'"8"')
        file.write_bytes(
            {"cut": content[:-9], "changed": changed, "empty": b"", "deep": nested}[damage]
        )
    assert load(large) == first
    assert len(parses) == 2


@pytest.mark.parametrize("place", ["file", "relative", "forbidden"])
def test_without_a_folder_everything_works(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Where nothing can be kept, files are parsed each time."""
    monkeypatch.setenv("HOME", "/dev/null")
    (tmp_path / "file").write_text("")
    folders = {"file": str(tmp_path / "file"), "relative": "x/y", "forbidden": "/proc"}
    monkeypatch.setenv("XDG_CACHE_HOME", folders[place])
    assert load(large) == load(large)
    assert not (tmp_path / "x").exists()


def test_the_cache_does_not_grow_for_ever(large: Path, tmp_path: Path) -> None:
    """Beyond some files, the oldest go."""
    text = large.read_text(encoding="utf-8")
    for number in range(3):
        large.write_text(f"{text}\nmore: {number}\n", encoding="utf-8")
        load(large)
    folder = kept(tmp_path)[0].parent
    for number in range(60):
        (folder / f"{number}.json").write_text("")
    large.write_text(f"{text}\nlast: 1\n", encoding="utf-8")
    load(large)
    assert len(kept(tmp_path)) <= 33


def test_many_may_write_at_once(large: Path, tmp_path: Path) -> None:
    """Processes that start together all read the same, and leave one whole file."""
    script = "import sys, json; from pathlib import Path; from openapi.loading import load; "
    script += "print(len(json.dumps(load(Path(sys.argv[1])))))"
    command = [sys.executable, "-c", script, str(large)]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
        for _ in range(3)
    ]
    printed = [process.communicate(timeout=60)[0] for process in started]
    assert printed == [f"{len(json.dumps(load(large)))}\n"] * 3
    assert len(kept(tmp_path)) == 1
