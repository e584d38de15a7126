"""Answers made of the description alone: its examples, else values of its schemas."""

from collections.abc import Mapping
from functools import cached_property
from random import Random
from typing import Any

from jsonschema_rs import Draft202012Validator

from mock_server.answer import Answer
from mock_server.api import Api, Serving
from mock_server.gateway.call import Call
from mock_server.gateway.media_types import acceptable
from mock_server.gateway.preferences import Preferences
from mock_server.gateway.sample import MOST_VALUES, TooComplex, sample
from mock_server.refusals import NotAcceptable, NotFound, Refusal, ServerError
from mock_server.validators import validator
from openapi.description import Content, Operation, Response
from openapi.schemas import Schema
from openapi.synthesis import Synthesiser, Unsatisfiable


class Described:
    """The described answers of one operation."""

    def __init__(self, operation: Operation, api: Api) -> None:
        self._operation = operation
        self._api = api
        self._serving = api.serving
        self._makers: dict[int, Maker] = {}

    def answer(self, call: Call, wanted: Preferences) -> Answer:
        """The answer that is wanted, or the first success.

        Raises NotFound for a status or example that is not documented, NotAcceptable where no
        documented media type fits, ServerError where no value fits the schema.
        """
        status, response = self._chosen(wanted.code)
        return self._made(call, wanted, status, response)

    def refusal(self, call: Call, refusal: Refusal) -> Answer | None:
        """The documented answer for a refusal's status; None where there is none."""
        response = self._operation.response(refusal.status)
        if response is None:
            return None
        wanted = call.preferences
        return self._made(call, Preferences(example=wanted.example), refusal.status, response)

    def _chosen(self, code: int | None) -> tuple[int, Response]:
        if code is not None:
            response = self._operation.response(code)
            if response is None:
                raise NotFound(f"{self._operation.name} documents no response for status {code}.")
            return code, response
        for response in self._operation.responses:
            if response.status.startswith("2"):
                return int(response.status.upper().replace("X", "0")), response
        for response in self._operation.responses:
            if response.status.lower() == "default":
                return 200, response
        for response in self._operation.responses:
            return int(response.status.upper().replace("X", "0")), response
        return 200, Response("200", {}, ())

    def _made(self, call: Call, wanted: Preferences, status: int, response: Response) -> Answer:
        offered = tuple(response.content)
        if not offered:
            return Answer(status=status)
        accept = call.headers.get("accept")
        media_type = acceptable(accept, offered)
        if media_type is None:
            if status >= 400:  # noqa: PLR2004 - a refusal may be of another type (RFC 9110, 15.5.7)
                media_type = offered[0]
            else:
                raise NotAcceptable(f"`Accept: {accept}` fits none of {', '.join(offered)}.")
        content = response.content[media_type]
        dynamic = is_dynamic(self._serving, wanted)
        if wanted.example is not None:
            if wanted.example not in content.named_examples:
                raise NotFound(f"There is no example {wanted.example!r} for status {status}.")
            body = content.named_examples[wanted.example]
        elif (not dynamic or content.schema is None) and self._maker(content).example_wins:
            body = content.examples[0]
        else:
            body = self._made_up(call, wanted, content, dynamic=dynamic)
            return Answer(body, status, media_type=media_type)
        return Answer(body, status, media_type=media_type, exemplary=True)

    def _maker(self, content: Content) -> "Maker":
        if id(content) not in self._makers:
            self._makers[id(content)] = Maker(content, self._api)
        return self._makers[id(content)]

    def _made_up(self, call: Call, wanted: Preferences, content: Content, *, dynamic: bool) -> Any:
        maker = self._maker(content)
        if content.schema is None:
            return None
        if self._serving.stateless and not dynamic and maker.sample is not _NO_SAMPLE:
            return maker.sample
        random = randomness(call, self._serving, wanted, self._operation.name)
        try:
            return maker.synthesiser.value(random)
        except Unsatisfiable as error:
            raise ServerError(f"{self._operation.name}: {error}") from error


def is_dynamic(serving: Serving, wanted: Preferences) -> bool:
    """Whether values are made anew, in the place of examples."""
    return serving.dynamic if wanted.dynamic is None else wanted.dynamic


def randomness(call: Call, serving: Serving, wanted: Preferences, name: str) -> Random:
    """What made-up values depend on: on what they are for, or on nothing where they are dynamic."""
    if is_dynamic(serving, wanted) and wanted.seed is None:
        return call.world.random
    seed = serving.seed if wanted.seed is None else wanted.seed
    return Random(f"{seed}/{name}")  # noqa: S311 - nothing secret


_NO_SAMPLE = object()


class Maker:
    """What makes the bodies of one documented media type; each part at its first use."""

    def __init__(self, content: Content, api: Api) -> None:
        self._content = content
        self._api = api
        self._serving = api.serving
        self._schema: Schema = True if content.schema is None else content.schema

    @cached_property
    def _checker(self) -> Draft202012Validator:
        return validator(self._schema)

    @cached_property
    def example_wins(self) -> bool:
        """Whether there is an example that may be sent.

        One that breaks its schema may only without state, where answers are those of the document
        and a header tells what is wrong with them.
        """
        if not self._content.examples:
            return False
        if self._content.schema is None or self._serving.stateless or self._serving.errors:
            return True
        return self._checker.is_valid(self._content.examples[0])

    @property
    def example(self) -> Any:
        """The first example."""
        return self._content.examples[0]

    @cached_property
    def sample(self) -> Any:
        """The plainest value, where it is valid. Raises ServerError where it would be too large."""
        try:
            plain = sample(self._schema)
        except TooComplex as error:
            problem = f"A value of the schema has more than {MOST_VALUES} parts."
            raise ServerError(problem) from error
        return plain if self._checker.is_valid(plain) else _NO_SAMPLE

    @cached_property
    def synthesiser(self) -> Synthesiser:
        """Makes plausible values."""
        return Synthesiser(
            self._schema,
            validator=self._checker.is_valid,
            required_only=self._serving.required_only,
            usual_items=self._api.description.usual_items,
        )


def laid_over_message(body: Any, refusal: Refusal) -> Any:
    """The documented refusal with our own detail, where it has a property for it."""
    if not isinstance(body, Mapping):
        return body
    words = {"detail": refusal.detail, "message": refusal.detail, "title": refusal.title}
    numbers = {"status": refusal.status, "statusCode": refusal.status, "code": refusal.status}
    told = {name: words[name] for name in words if isinstance(body.get(name), str)}
    counted = {name: numbers[name] for name in numbers if isinstance(body.get(name), int)}
    return {**body, **told, **counted}
