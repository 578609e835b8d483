"""What figures hide of small cells: see `figures.small_cells`."""

import strawberry


@strawberry.type(description="Counts, of which small ones may be hidden.")
class Suppressible:
    """A row of a figure."""

    suppressed: bool = strawberry.field(
        default=False,
        description="Whether counts are null because they, or others by their difference, would "
        "tell of few people; for those who merely view.",
    )
