"""Who is erased: their keys are destroyed here."""

from collections.abc import Iterable

from shared.contracts.registry.erasure import HealthWorkerErased
from shared.contracts.registry.keys import RegistryDestroyKeys
from shared.following.policies import Policy, Reaction
from shared.projection import Happening

FORGETTING = Policy("forgetting")


@FORGETTING.on(HealthWorkerErased)
def destroy(body: HealthWorkerErased, _at: Happening) -> Iterable[Reaction]:
    """Have the keys of the record destroyed; of each record of the person, there is an event."""
    person = body.health_worker_id
    yield Reaction(RegistryDestroyKeys, about=person, health_worker_id=person)
