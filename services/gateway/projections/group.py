"""What the read models are kept as: one group, with one progress, in builds of their own.

Access events are a group beside them: they come from a ledger of their own and by no bus, there are
more of them than of all other events together, and no rebuild of the read models need read them.
"""

from services.gateway.projections import PROJECTIONS
from services.gateway.projections.access_events import ACCESS_SHOWN_TO
from shared.projection.schema import built_of

READ_MODELS = "read_models"
READ_MODELS_BUILT = built_of(PROJECTIONS)

ACCESS_EVENTS = "access_events"
ACCESS_EVENTS_BUILT = built_of([ACCESS_SHOWN_TO])
