"""Small applications with accounts, in process, as those who write demo servers make them."""

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import flask
import pytest
import yaml

from contracts.api import Api
from openapi.description import read

MakeApi = Callable[..., Api]

NOTES = """
openapi: 3.0.3
info: {title: Notes, version: "1"}
security: [{bearer: []}]
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
paths:
  /auth/register:
    post:
      security: []
      requestBody: &person
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [email, password]
              properties:
                email: {type: string, format: email}
                password: {type: string, minLength: 8, maxLength: 20}
      responses: {"201": {description: made}, "409": {description: taken}}
  /auth/login:
    post:
      operationId: login
      security: []
      requestBody: *person
      responses:
        "200":
          description: in
          content:
            application/json:
              schema:
                type: object
                properties:
                  data:
                    type: object
                    properties: {access_token: {type: string}, expires_in: {type: integer}}
  /me:
    get: {responses: {"200": {description: who}}}
    delete: {responses: {"204": {description: gone}}}
  /me/password:
    put: {responses: {"204": {description: changed}}}
  /admin:
    get: {responses: {"200": {description: secret}}}
  /notes/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: a note}}
  /open:
    get: {security: [], responses: {"200": {description: for all}}}
"""


@pytest.fixture
def make_api(tmp_path: Path) -> MakeApi:
    """Reads a description that is given as text, or as a value."""

    def make(described: Any) -> Api:
        file = tmp_path / "made.yaml"
        file.write_text(
            described if isinstance(described, str) else yaml.safe_dump(described, sort_keys=False)
        )
        return Api(read(file))

    return make


@pytest.fixture
def notes_text() -> str:
    """The text of the description of Notes."""
    return NOTES


@pytest.fixture
def notes_api(make_api: MakeApi) -> Api:
    """The description of Notes."""
    return make_api(NOTES)


@dataclass
class Notes:
    """A server with accounts: tokens expire, and passwords and accounts can be changed."""

    now: datetime = datetime(2030, 1, 1, tzinfo=UTC)
    people: dict[str, str] = field(default_factory=dict)
    logins: int = 0
    seen: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Method, path and authorization of each request."""
    generation: int = 0
    """Tokens of an earlier one are refused."""
    closed: bool = False
    """Whether nobody can register."""

    def token(self, email: str, **changes: Any) -> str:
        """A signed token of somebody."""
        told = {
            "sub": email,
            "exp": int((self.now + timedelta(hours=1)).timestamp()),
            "generation": self.generation,
            **changes,
        }
        pieces = [_piece({"alg": "HS256", "typ": "JWT"}), _piece(told)]
        return ".".join([*pieces, _signature(".".join(pieces))])

    def who(self) -> str | None:
        """Who asks, by a token that is right in all respects."""
        token = flask.request.headers.get("Authorization", "").removeprefix("Bearer ")
        head, _, signature = token.rpartition(".")
        if not head or not hmac.compare_digest(signature, _signature(head)):
            return None
        piece = head.partition(".")[2]
        told = json.loads(base64.urlsafe_b64decode(piece + "=" * (-len(piece) % 4)))
        is_good = (
            told["sub"] in self.people
            and told["exp"] > self.now.timestamp()
            and told["generation"] == self.generation
        )
        return told["sub"] if is_good else None

    def app(self) -> flask.Flask:
        """It as an application."""
        app = flask.Flask("notes")
        app.before_request(self._check)
        for method, path, function in (
            ("POST", "/auth/register", self._register),
            ("POST", "/auth/login", self._login),
            ("GET", "/me", lambda: {"email": self.who()}),
            ("DELETE", "/me", self._leave),
            ("PUT", "/me/password", self._change),
            ("GET", "/admin", lambda: ({"error": "not you"}, 403)),
            ("GET", "/notes/<key>", lambda key: ({"id": key}, 200 if key == "mine" else 403)),
            ("GET", "/open", dict),
        ):
            app.add_url_rule(path, f"{method} {path}", function, methods=[method])
        return app

    def _check(self) -> Any:
        request = flask.request
        self.seen.append((request.method, request.path, request.headers.get("Authorization")))
        if request.path.startswith(("/auth", "/open")) or self.who() is not None:
            return None
        return {"error": "who are you?"}, 401

    def _register(self) -> Any:
        body = flask.request.get_json()
        if self.closed or body["email"] in self.people:
            return {"error": "taken"}, 409
        self.people[body["email"]] = body["password"]
        return {"email": body["email"]}, 201

    def _login(self) -> Any:
        body = flask.request.get_json()
        if self.people.get(body["email"]) != body["password"]:
            return {"error": "wrong"}, 401
        self.logins += 1
        seconds = body.get("lifetime", 3600)
        end = int((self.now + timedelta(seconds=seconds)).timestamp())
        token = self.token(body["email"], exp=end)
        return {"data": {"access_token": token, "expires_in": seconds}}

    def _leave(self) -> Any:
        del self.people[str(self.who())]
        return "", 204

    def _change(self) -> Any:
        self.people[str(self.who())] = "something else"
        return "", 204


def _piece(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _signature(text: str) -> str:
    digest = hmac.new(b"key of the tests", text.encode(), "sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@pytest.fixture
def notes() -> Notes:
    """A Notes server without anybody."""
    return Notes()
