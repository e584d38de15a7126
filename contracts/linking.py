"""Links in headers (RFC 8288)."""

import re

_LINK = re.compile(r"<([^>]*)>((?:\s*;\s*[^=;,<]+(?:=(?:\"[^\"]*\"|[^;,\"]*))?)*)")
_RELATION = re.compile(r"\brel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", re.IGNORECASE)


def linked(header: str, relation: str) -> str | None:
    """The URL that a `Link` header gives for a relation; None where it gives none."""
    for url, parameters in _LINK.findall(header):
        told = _RELATION.search(parameters)
        if told is not None and relation in (told[1] or told[2]).lower().split():
            return str(url)
    return None
