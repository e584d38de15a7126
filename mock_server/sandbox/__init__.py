"""The sandbox: one isolated world with tables, clock, outbox, journal and settings."""

from mock_server.sandbox.clock import LAST as LAST
from mock_server.sandbox.clock import moment as moment
from mock_server.sandbox.clock import timestamp as timestamp
from mock_server.sandbox.outbox import Outbox as Outbox
from mock_server.sandbox.sandbox import Sandbox as Sandbox
from mock_server.sandbox.store import Row as Row
from mock_server.sandbox.store import Table as Table
