"""All servers with bugs."""

from benchmarks.bugs.bookings import BOOKINGS
from benchmarks.bugs.library import LIBRARY
from benchmarks.bugs.links import LINKS
from benchmarks.bugs.notes import NOTES
from benchmarks.bugs.shop import SHOP

SERVERS = {server.name: server for server in (SHOP, NOTES, BOOKINGS, LIBRARY, LINKS)}
