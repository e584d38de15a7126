"""OpenAPI descriptions: the built-in ones, and how a document becomes operations."""
