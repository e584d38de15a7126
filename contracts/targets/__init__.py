"""Targets: over HTTP, or an application in this process."""
