"""Cross-origin requests (Fetch standard, section 3.2): pages on any origin may use the mock."""

from collections.abc import Mapping

from mock_server.gateway.call import Headers


def preflight(headers: Mapping[str, str]) -> Headers | None:
    """The headers that answer a preflight request; None where it is no preflight."""
    method = headers.get("access-control-request-method")
    origin = headers.get("origin")
    if method is None or origin is None:
        return None
    allowed = [
        ("access-control-allow-origin", origin),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", method),
        ("access-control-allow-headers", headers.get("access-control-request-headers", "*")),
        ("access-control-max-age", "600"),
        ("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
    ]
    if headers.get("access-control-request-private-network") == "true":
        allowed.append(("access-control-allow-private-network", "true"))
    return [(name.encode(), value.encode("latin-1")) for name, value in allowed]


def exposed(headers: Mapping[str, str], answered: Headers) -> Headers:
    """The headers that let a page read an answer; none where no page asks."""
    origin = headers.get("origin")
    if origin is None:
        return []
    # A wildcard is no wildcard where credentials are allowed, so each name is listed.
    names = b", ".join(dict.fromkeys(name for name, _ in answered))
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", names),
        (b"vary", b"Origin"),
    ]
