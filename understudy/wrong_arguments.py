"""Arguments that do not go together."""


class WrongArguments(Exception):  # noqa: N818 - the arguments are what is wrong
    """Arguments that do not go together; the message says what to do."""
