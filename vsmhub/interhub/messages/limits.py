"""Limits of the contract (rules 8 and 9), known to both ends."""

PAGE_LIMIT = 1000
BATCH_LIMIT = 1000
BODY_LIMIT = 1024 * 1024
METADATA_LIMIT = 64 * 1024
