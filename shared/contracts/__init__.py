"""The published language: every command and event of each service, versioned.

Declared once here, a command gives its aggregate its words, its HTTP route, its GraphQL mutation,
its JSON Schema and its import columns; an event gives the ledger, the bus, the read models and
AsyncAPI theirs.
"""
