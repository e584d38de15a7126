"""The control API: health, reset, state, clock, outbox, journal, sandboxes, settings."""

from mock_server.control.control import Control as Control
from mock_server.control.control import control_api as control_api
