"""State without code: what a description's paths, methods and schemas say of items, done.

`openapi.resources` tells which part an operation plays; here each part is played, in the tables
of a sandbox.
"""

from mock_server.resources.asked import How as How
from mock_server.resources.asked import Play as Play
from mock_server.resources.declared import Declared as Declared
from mock_server.resources.declared import Expiry as Expiry
from mock_server.resources.declared import Lifecycle as Lifecycle
from mock_server.resources.inferred import Inferred as Inferred
