"""What names tell of credentials: who somebody is, what is secret, what signs in."""

import re

from openapi.shapes import spelling

PASSWORDS = ("password", "passwd", "pwd", "passphrase", "passcode")
KEYS = ("apikey", "key", "secret", "clientsecret", "apisecret", "secretkey", "accesskey")
USERS = ("username", "email", "login", "user", "emailaddress", "mail", "handle", "name", "userid")
"""What names a person at a login, the likeliest first."""
TOKENS = (
    *("accesstoken", "token", "jwt", "authtoken", "sessiontoken", "bearertoken", "idtoken"),
    *("bearer", "access", "sessionid", "session", "sid", "apikey"),
)
"""What signing in gives, the likeliest first."""

_NUMBERS = {"password", "passcode", "pin", "cvv", "cvc", "otp"}
"""What may be secret as a number: `max_tokens` is a count."""
_SECRET_WORDS = _NUMBERS | {
    *("passwd", "pwd", "passphrase", "secret", "token", "jwt"),
    *("credential", "credentials", "apikey", "signature"),
}
_SECRET_PAIRS = ("api key", "private key", "access key", "session id", "set cookie")
SESSIONS = {"session", "sid"}
"""What names a session, unless it is what the ids of an API are called."""
_SECRET_ALONE = SESSIONS | {"cookie", "authorization", "proxy authorization", "auth"}
_ABOUT = {
    *("type", "expires", "expiry", "expiration", "expired", "ttl", "lifetime", "url", "uri"),
    *("at", "in", "on", "count", "policy", "length", "hint"),
}
"""Words behind which a name tells of a secret and holds none, as `token_type`."""
_PAGES = {"page", "next", "previous", "prev", "continuation", "cursor", "sync"}
"""Words beside which a token only says where a list goes on."""

LOGIN_WORDS = {
    *("login", "signin", "logon", "session", "sessions", "token", "tokens", "auth"),
    *("authenticate", "authentication", "authorize", "oauth"),
}
MAKE_WORDS = {"register", "registration", "registrations", "signup", "enroll"}
PEOPLE_WORDS = {"users", "user", "accounts", "account", "customers", "members", "people"}
OTHER_WORDS = {
    *("logout", "signout", "reset", "forgot", "forgotten", "refresh", "change", "revoke"),
    *("verify", "confirm", "introspect", "recover", "recovery", "resend"),
}
"""What has to do with accounts, and neither opens nor makes one."""


def words(name: str) -> list[str]:
    """The words of a name or path in lower case; `sign-up` and `log in` are one word."""
    cut = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    text = " ".join(re.findall(r"[a-z0-9]+", cut.lower()))
    return re.sub(r"\b(sign|log) (in|up|out|on)\b", r"\1\2", text).split()


def is_password(name: str) -> bool:
    """Whether a property holds a password, or its repetition."""
    return any(word in spelling(name) for word in PASSWORDS)


def is_key(name: str) -> bool:
    """Whether a property of a login's body holds the key of a program."""
    return spelling(name) in KEYS


def is_user(name: str) -> bool:
    """Whether a property of a login's body names who somebody is."""
    return spelling(name) in USERS


def holds_a_secret(name: str) -> bool:
    """Whether a value of that name should be told to nobody."""
    told = words(name)
    text = " ".join(told)
    if not told or told[-1] in _ABOUT or _PAGES & set(told):
        return False
    singular = {word.removesuffix("s") if word != "credentials" else word for word in told}
    return bool(
        singular & _SECRET_WORDS
        or text in _SECRET_ALONE
        or any(f" {pair} " in f" {text} " for pair in _SECRET_PAIRS)
        or any(spelling(name).endswith(one) for one in ("password", "apikey", "authtoken"))
    )


def may_be_a_number(name: str) -> bool:
    """Whether a number of that name is as secret as a text."""
    return bool(_NUMBERS & set(words(name)))
