"""What is raised where a request cannot even be read."""

from mock_server.refusals import Fault


class Unreadable(Exception):  # noqa: N818 - turned into a refusal by the stage that reads
    """Faults found while reading, before any schema was asked."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].message)
        self.faults = faults
