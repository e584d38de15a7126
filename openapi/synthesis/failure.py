"""The signs by which the making of a value goes back."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openapi.synthesis.plan import Plan


class Failed(Exception):  # noqa: N818  # It is a turn on the way, and no error yet.
    """No value was found for a part; `plan` is its plan, where it is known."""

    def __init__(self, plan: "Plan | None" = None) -> None:
        super().__init__()
        self.plan = plan


class GaveUp(Failed):
    """Too many parts failed: what is under way is not finished."""
