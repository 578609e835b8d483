"""Org units: what stands where, and under whom since when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import ID
from strawberry.types import Info

from services.gateway.graphql.connection import Connection
from services.gateway.graphql.context import context_of
from services.gateway.graphql.enums import graphql_enum, order_enum
from services.gateway.graphql.reading import Node, key, leaf, many, needing, one, pages, read_model, where
from services.gateway.graphql.selection import columns_for
from services.gateway.projections import ORG_UNIT, ORG_UNIT_PARENT
from services.gateway.read.declare import Order, Published, Through, models
from shared.contracts.registry.org_unit import OrgUnitKind
