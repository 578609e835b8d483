"""What the read models are kept as: one group, with one progress, in builds of their own."""

from services.gateway.projections import PROJECTIONS
from shared.projection.schema import built_of

READ_MODELS = "read_models"
READ_MODELS_BUILT = built_of(PROJECTIONS)
