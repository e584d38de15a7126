"""The mock: what happens when a request meets a description."""
