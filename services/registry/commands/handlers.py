"""The list that every module of this package adds its commands to."""

from shared.deciding.handlers import Handlers

handlers = Handlers("registry")
