"""The liars, one a file, called by the law that each breaks, two underscores, and how it does."""
