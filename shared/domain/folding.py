"""One form for what is the same to people: an identifier or a name, however it was typed."""

from unicodedata import category, combining, normalize

_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Unicode's categories of control and format characters, and of white space."""


def folded_identifier(value: str) -> str:
    """Return the form in which identifiers are compared: `Ｐ-001`, `p-001 ` are both `p-001`.

    NFKC, without case, white space, format and control characters. Dashes, dots and leading zeros
    tell two identifiers apart, and stay.
    """
    if value.isascii() and value.isprintable():  # the usual one is soon told
        return value.lower().replace(" ", "")
    plain = normalize("NFKC", normalize("NFKC", value).casefold())
    return "".join(sign for sign in plain if category(sign) not in _UNSEEN)


def folded_text(value: str) -> str:
    """Return the form in which names are compared and sorted: `Hôpital  Régional` is `hopital
    regional`, in either of Unicode's forms.

    Without case, accents and format characters; runs of white space are one space.
    """
    plain = normalize("NFKD", normalize("NFKD", value).casefold())
    seen = (
        " " if sign.isspace() else sign
        for sign in plain
        if sign.isspace() or not (combining(sign) or category(sign) in _UNSEEN)
    )
    return " ".join("".join(seen).split())
