"""Strings: plausible where they may be, within their limits always."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cached_property
from random import Random
from typing import Any

from openapi.synthesis import formats, plausible
from openapi.synthesis.failure import Failed
from openapi.synthesis.language import Language
from openapi.synthesis.pattern import PatternError
from openapi.synthesis.validity import check

_TRIES = 4
_LANGUAGES = ("tight", "wide", "shapeless")
"""Nothing beside what the patterns describe; anything; anything, and the formats by chance."""
_MOST = 1_000_000
"""Characters of a text: whoever wants more than these, which no answer could bear, gets none."""


class Texts:
    """The strings that all of some schemas allow."""

    def __init__(self, parts: list[dict[str, Any]]) -> None:
        def given(keyword: str) -> list[Any]:
            return [part[keyword] for part in parts if keyword in part]

        self._shortest = int(max(given("minLength"), default=0))
        longest = min(given("maxLength"), default=None)
        self._longest = None if longest is None else int(longest)
        self._patterns: list[str] = given("pattern")
        self._not_patterns: list[str] = given("!pattern")
        self._formats: list[str] = given("format")
        self._not_formats: list[str] = given("!format")
        self._encoded = "base64" in given("contentEncoding") or bool(
            formats.ENCODED & {*self._formats}
        )
        self._free = not (self._patterns or self._not_patterns or self._not_formats) and not any(
            name in formats.PATTERNS.keys() - formats.ENCODED for name in self._formats
        )
        self._languages: dict[str, Language | None] = {}

    @property
    def impossible(self) -> bool:
        """True when no length is allowed."""
        return self._longest is not None and self._shortest > self._longest

    def make(self, random: Random, name: str, refused: Callable[[Any], bool]) -> str:
        """A string that looks like its format, its name or its pattern. Raises Failed."""
        if self._shortest > _MOST:
            raise Failed
        for text in self._candidates(random, name):
            if self._fits(text) and not refused(text):
                return text
        raise Failed

    def _candidates(self, random: Random, name: str) -> Iterator[str]:
        likely = self._likely(random, name)
        if self._free:
            # A few more where the first was refused: somebody wants them all different.
            for _ in range(_TRIES):
                yield self._fitted(likely or plausible.words(random), random)
                likely = self._likely(random, name)
        elif likely is not None:
            yield likely
        for kind in _LANGUAGES:
            language = self._language(kind)
            if language is not None:
                with suppress(Failed, RecursionError):
                    for _ in range(_TRIES):
                        yield language.text(random, self._longest)

    def _likely(self, random: Random, name: str) -> str | None:
        if self._encoded:
            return formats.encoded(random)
        for format_ in self._formats:
            text = formats.example(format_, random) or plausible.text(format_, random)
            if text is not None:
                return text
        return plausible.text(name, random, self._longest)

    def _fitted(self, text: str, random: Random) -> str:
        """The text, made as long as it has to be."""
        if self._encoded:
            # Base64 is whole as long as it has groups of four.
            text = text if self._longest is None else text[: self._longest // 4 * 4]
            return "QUJD" * -(-(self._shortest - len(text)) // 4) + text
        if len(text) < self._shortest:
            more = " ".join([text, *(plausible.word(random) for _ in range(8))])
            more *= 1 + self._shortest // len(more)
            text = more[: self._shortest]
        text = text[: self._longest]
        return text[:-1] + "s" if text.endswith(" ") else text

    def _fits(self, text: str) -> bool:
        if self._free:
            longest = len(text) if self._longest is None else self._longest
            return self._shortest <= len(text) <= longest
        return self._check(text)

    @cached_property
    def _check(self) -> Callable[[Any], bool]:
        limits: list[dict[str, Any]] = [{"minLength": self._shortest}]
        limits += [] if self._longest is None else [{"maxLength": self._longest}]
        limits += [{"pattern": pattern} for pattern in self._patterns]
        limits += [{"format": name} for name in self._formats]
        limits += [{"not": {"pattern": pattern}} for pattern in self._not_patterns]
        limits += [{"not": {"format": name}} for name in self._not_formats]
        return check({"allOf": limits})

    def _language(self, kind: str) -> Language | None:
        """The language of the patterns and formats; None where a pattern cannot be read."""
        if kind not in self._languages:
            found, lacking = self._patterns, self._not_patterns
            if kind != "shapeless":
                found = [*found, *_shapes(self._formats)]
                lacking = [*lacking, *_shapes(self._not_formats)]
            language = None
            with suppress(PatternError, RecursionError):  # groups may nest without end
                tight = kind == "tight"
                language = Language(found, lacking, self._shortest, tight=tight)
            self._languages[kind] = language
        return self._languages[kind]


def _shapes(names: list[str]) -> list[str]:
    """Patterns of the formats that have one."""
    return [f"^({formats.PATTERNS[name]})$" for name in names if name in formats.PATTERNS]
