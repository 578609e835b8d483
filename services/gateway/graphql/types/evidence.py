"""Evidence, as it is asked for: a link to a file that proves what it says."""

from datetime import datetime

import strawberry


@strawberry.type(
    description="A bundle of evidence, to be fetched: a ZIP archive with a report to read, and all "
    "that `mshauri-verify` needs to judge it with no access to the system."
)
class Evidence:
    """A link to a bundle."""

    url: str = strawberry.field(
        description="Where it is fetched, below the address of this API: by a plain GET without a "
        "token, until it expires. It is made when it is fetched, of what may be read then."
    )
    expires_at: datetime = strawberry.field(description="Until when the link leads anywhere.")
    events: int = strawberry.field(
        description="Events that it tells of; those whose content is not for you to read stand as "
        "their statements in the log alone."
    )
    verifier: str = strawberry.field(
        description="Where the program that judges it is fetched, below the same address."
    )
