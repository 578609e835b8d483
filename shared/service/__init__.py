"""The skeleton of a recording service: its decider, and the follower of what it has recorded.

    HTTP ─▶ decider ─▶ aggregates ─▶ ledger ─▶ follower ─▶ bus
               ▲                                  │  ▲       │
               └─ views, grants (PostgreSQL) ◀────┘  └───────┘

The two are processes of their own and meet in the service's database: a decider serves commands
and opens no Kafka client, a follower relays, keeps views and carries out policies.
"""
