"""Whether what the read models were made of is what the ledgers' logs signed.

    the service's feed ──▶ leaves ──▶ = the log's tiles, and the root that its checkpoint bears
                      └──▶ places, ids, hashes ──▶ = the audit trail's, and the streams' cursors'

The engine tells an event that is missing or altered by its stream's hashes; whoever computes those
again deceives it, and the bus. The log is signed, so it cannot be computed again.
"""
