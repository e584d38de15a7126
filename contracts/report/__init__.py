"""Reports of a run, one file each: pure functions of an outcome that holds no secret any more."""

from collections.abc import Callable, Mapping

from contracts.outcome import Outcome
from contracts.report import html, json_report, junit, sarif

WRITERS: Mapping[str, Callable[[Outcome], str]] = {
    "junit": junit.written,
    "html": html.written,
    "json": json_report.written,
    "sarif": sarif.written,
}
"""What `--report NAME=FILE` writes, by name. Files are UTF-8."""
