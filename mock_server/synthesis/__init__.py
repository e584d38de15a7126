"""Synthesis: a schema -> a valid, plausible value."""

from mock_server.synthesis.synthesiser import Synthesiser as Synthesiser
from mock_server.synthesis.synthesiser import Unsatisfiable as Unsatisfiable
