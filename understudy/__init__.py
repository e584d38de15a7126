"""Understudy: a mock server that remembers, and the proof that it keeps the contract."""
