"""Answers that show an item, with the status and headers that an operation documents."""

import logging
from collections.abc import Mapping
from typing import Any

from mock_server.answer import Answer
from mock_server.resources.collection import Item
from mock_server.resources.fitting import Fit, found_at, put_at
from openapi import shapes
from openapi.description import Content, Operation, Response
from openapi.resources import Resource

_log = logging.getLogger("understudy")


class ItemAnswer:
    """One documented success of an operation, as far as it shows an item."""

    def __init__(
        self,
        operation: Operation,
        response: Response,
        content: Content | None,
        resource: Resource,
    ) -> None:
        self._operation = operation
        self._key = resource.key
        status = response.status.upper()
        self.status = int(status.replace("X", "0")) if status != "DEFAULT" else 200
        self.headers = frozenset(header.name.lower() for header in response.headers)
        """The documented header fields, in lower case."""
        self.empty = not response.content
        self._place = (
            None
            if content is None or content.schema is None
            else shapes.item_place(content.schema, resource.key_names, resource.word)
        )
        if self._place is not None and content is not None and content.schema is not None:
            schema = shapes.at_place(content.schema, self._place)
            self.shows_item = shapes.alike(schema, resource.item_schema)
            shown = tuple(found_at(example, self._place) for example in content.examples)
            self.fit = Fit(schema, shown)
            self._whole = Fit(content.schema, content.examples)
        else:
            self.shows_item = False

    def answer(self, item: Mapping[str, Any], seed: str, headers: dict[str, str]) -> Answer | None:
        """The answer with the item in it.

        None where its schema is not an item's, or the item cannot be made to fit it: then what the
        description shows has to do.
        """
        if self.empty:
            return Answer(status=self.status, headers=headers)
        if self._place is None:
            return None
        fitted = self._fitted(item, seed)
        if fitted is None:
            _log.warning(
                "%s: what is stored does not fit its answer; the example is sent.",
                self._operation.name,
            )
            return None
        return Answer(fitted, self.status, headers=headers)

    def _fitted(self, item: Mapping[str, Any], seed: str) -> Any:
        fitted = self.fit.fitted(item, seed)
        if fitted is None or self._lost_key(item, fitted):
            return None
        if not self._place:
            return fitted
        whole = self._whole.example
        if whole is None:
            whole = self._whole.made_up(seed, required_only=True)
        body = put_at(whole, self._place, fitted)
        return body if self._whole.valid(body) else None

    def _lost_key(self, item: Mapping[str, Any], fitted: Item) -> bool:
        key = self._key
        return key is not None and key in fitted and key in item and fitted[key] != item[key]
