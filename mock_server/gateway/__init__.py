"""The gateway: the compiled way of a request through one operation."""

from mock_server.gateway.gateway import Gateway as Gateway
