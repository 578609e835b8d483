"""What is told of reforms."""

from services.gateway.telling.words import Words, tells
from shared.contracts.registry.reform import (
    ReformApproved,
    ReformCarriedOut,
    ReformDrafted,
    ReformHeldUp,
    ReformWithdrawn,
)

tells(ReformDrafted, Words("The reform {name} was drafted, effective on {effective_on}."))
tells(ReformApproved, Words("The reform was approved, effective on {effective_on}."))
tells(ReformCarriedOut, Words("The reform was carried out on {carried_out_on}."))
tells(ReformHeldUp, Words("The reform could not be carried out; faults: {faults:count}."))
tells(ReformWithdrawn, Words("The reform was withdrawn."))
