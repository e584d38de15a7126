"""Any sequence of requests to a collection does what it would do to a dictionary."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from jsonschema import Draft202012Validator, FormatChecker

from mock_server.api import Serving
from mock_server.app import Settings, create_app
from tests.mock_server.gateway.own import client_of
from tests.mock_server.resources.collections_of_any_kind import (
    PAGINGS,
    Design,
    Json,
    Object,
    designs,
)


def merged(target: Json, patch: Json) -> Json:
    """A target with a patch laid over it, in which null is a value."""
    if not isinstance(patch, dict):
        return patch
    base = target if isinstance(target, dict) else {}
    return base | {name: merged(base.get(name), value) for name, value in patch.items()}


def without_secrets(schema: Object) -> Object:
    """The schema of an answer: nothing that is writeOnly is in it, nor required."""
    listed = schema["properties"]
    hidden = {name for name, part in listed.items() if part.get("writeOnly")}
    properties = {name: name not in hidden and part for name, part in listed.items()}
    required = [name for name in schema["required"] if name not in hidden]
    return {**schema, "properties": properties, "required": required}


class Things(RuleBasedStateMachine):
    """The mock of a generated description, and a dictionary of what must be in it."""

    @initialize(design=designs(), data=st.data())
    def begin(self, design: Design, data: st.DataObject) -> None:
        """Serve the description; make an owner where the things need one."""
        self.design = design
        with TemporaryDirectory() as folder:
            file = Path(folder) / "things.json"
            file.write_text(json.dumps(design.document()))
            serving = Serving(strict_state=True, seed=data.draw(st.integers(0, 9)))
            self.client = client_of(create_app(Settings(apis=[str(file)], serving=serving)))
        self.item_schema = without_secrets(design.item)
        self.things: dict[str, Object] = {}
        """What each thing shows, by its key as it stands in a path."""
        self.gone: set[str] = set()
        self.path = design.collection
        self.other_path = ""
        if design.nested:
            mine, others = (self.client.post("/owners").json()["id"] for _ in range(2))
            self.path = design.collection.replace("{ownerId}", str(mine))
            self.other_path = design.collection.replace("{ownerId}", str(others))

    def valid(self, answer: httpx.Response, status: int, schema: Object) -> Json:
        """The body of an answer, which has to be the expected one and as it is described."""
        assert answer.status_code == status, answer.text
        body = answer.json()
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(body)
        return body

    def at(self, key: str) -> str:
        """The path of a thing."""
        return f"{self.path}/{quote(key, safe='')}"

    def some_key(self, data: st.DataObject) -> str:
        """The key of one of the things."""
        return data.draw(st.sampled_from(sorted(self.things)))

    @rule(data=st.data())
    def create(self, data: st.DataObject) -> None:
        """A new thing shows what was sent, and a key that nothing else has."""
        design = self.design
        body = data.draw(design.bodies())
        wanted = data.draw(st.none() | design.keys()) if design.key_is_sent else None
        if wanted is not None:
            body = body | {design.key_name: wanted}
        answer = self.client.post(self.path, json=body)
        if str(wanted) in self.things:
            assert answer.status_code == 409
            return
        item = self.valid(answer, 201, self.item_schema)
        own = {design.key_name, "serial"}
        assert {
            name: item[name] for name in item if name not in own
        } == design.defaults() | design.shown(
            {name: body[name] for name in body if name != design.key_name}
        )
        key = str(item[design.key_name])
        assert key not in self.things
        assert wanted is None or key == str(wanted)
        self.things[key] = item
        self.gone.discard(key)

    @precondition(lambda self: self.things)
    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        """A thing is read as it was shown before."""
        key = self.some_key(data)
        assert self.valid(self.client.get(self.at(key)), 200, self.item_schema) == self.things[key]

    @precondition(lambda self: self.things)
    @rule(data=st.data())
    def replace(self, data: st.DataObject) -> None:
        """What is not sent is gone, but for what the server owns."""
        key, body = self.some_key(data), data.draw(self.design.bodies())
        before = self.things[key]
        kept = {name: before[name] for name in (self.design.key_name, "serial") if name in before}
        item = self.valid(self.client.put(self.at(key), json=body), 200, self.item_schema)
        assert item == kept | self.design.defaults() | self.design.shown(body)
        self.things[key] = item

    @precondition(lambda self: self.things)
    @rule(data=st.data())
    def change(self, data: st.DataObject) -> None:
        """What is sent is laid over what there is."""
        key, body = self.some_key(data), data.draw(self.design.bodies(partial=True))
        item = self.valid(self.client.patch(self.at(key), json=body), 200, self.item_schema)
        assert item == merged(self.things[key], self.design.shown(body))
        self.things[key] = item

    @precondition(lambda self: self.things)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """A removed thing cannot be found, changed, or removed again."""
        key = self.some_key(data)
        assert self.client.delete(self.at(key)).status_code == 204
        del self.things[key]
        self.gone.add(key)

    @precondition(lambda self: self.gone)
    @rule(data=st.data())
    def look_for_what_is_gone(self, data: st.DataObject) -> None:
        """It stays gone whatever is asked of it."""
        path = self.at(data.draw(st.sampled_from(sorted(self.gone))))
        body = data.draw(self.design.bodies())
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            sent = body if method in {"PUT", "PATCH"} else None
            assert self.client.request(method, path, json=sent).status_code == 404

    @rule(data=st.data(), method=st.sampled_from(["POST", "PUT", "PATCH"]))
    def be_refused(self, data: st.DataObject, method: str) -> None:
        """A request that breaks the description changes nothing; the invariant looks at it."""
        name = data.draw(st.sampled_from(self.design.names))
        body = data.draw(self.design.bodies()) | {name: [{"never": "valid"}]}
        path = self.path
        if method != "POST":
            key = data.draw(self.design.keys()) if not self.things else self.some_key(data)
            path = self.at(str(key))
        assert self.client.request(method, path, json=body).status_code == 422

    @rule(size=st.integers(1, 3))
    def walk(self, size: int) -> None:
        """Page after page shows every thing once, in the order of creation."""
        found = [item for page in self.pages(size) for item in page]
        assert found == list(self.things.values())

    def pages(self, size: int) -> Iterator[list[Object]]:
        """All pages of the list."""
        names = PAGINGS[self.design.paging]
        query = {names["size"]: str(size)} if names else {}
        for number in range(100):
            page, body = self.listed(query)
            yield page
            if self.design.paging == "cursor":
                if not body.get("next_cursor"):
                    assert len(page) <= size
                    return
                query["cursor"] = body["next_cursor"]
            elif not names or len(page) < size:
                return
            else:
                at = number + 2 if self.design.paging == "page" else (number + 1) * size
                query[names["at"]] = str(at)

    def listed(self, query: dict[str, str]) -> tuple[list[Object], Object]:
        """A page of the list, with what stands around it."""
        answer = self.client.get(self.path, params=query)
        body = self.valid(answer, 200, {})
        items = body
        for name in self.design.place:
            items = items[name]
        Draft202012Validator({"type": "array", "items": self.item_schema}).validate(items)
        around = body if isinstance(body, dict) else {}
        assert around.get("total", len(self.things)) == len(self.things)
        return items, around

    @precondition(lambda self: self.design.nested)
    @rule()
    def look_elsewhere(self) -> None:
        """Another owner's things are others."""
        body = self.client.get(self.other_path).json()
        for name in self.design.place:
            body = body[name]
        assert body == []
        for key in self.things:
            path = f"{self.other_path}/{quote(key, safe='')}"
            assert self.client.get(path).status_code == 404

    @invariant()
    def everything_is_as_it_should_be(self) -> None:
        """Whatever was done, each thing reads as the dictionary has it."""
        for key, item in self.things.items():
            assert self.client.get(self.at(key)).json() == item


def run(examples: int, steps: int) -> None:
    """Let the machine run."""
    health = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=health,
    )
    run_state_machine_as_test(Things, settings=chosen)


def test_requests_of_any_kind() -> None:
    """Some descriptions, and some requests to each."""
    run(25, 12)


@pytest.mark.nightly
def test_many_requests_of_any_kind() -> None:
    """Many of both."""
    run(1000, 30)
