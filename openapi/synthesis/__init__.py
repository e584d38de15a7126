"""Synthesis: a schema -> a valid, plausible value."""

from openapi.synthesis.synthesiser import Synthesiser as Synthesiser
from openapi.synthesis.synthesiser import Unsatisfiable as Unsatisfiable
