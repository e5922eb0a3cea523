"""Limits of the contract (rules 8 and 9), known to both ends."""

PAGE_LIMIT = 1000
BATCH_LIMIT = 1000
BODY_LIMIT = 1024 * 1024
METADATA_LIMIT = 64 * 1024
SUBSCRIPTION_LIMIT = 100
"""Webhooks of one hub: each event is delivered to all of them."""
METADATA_DEPTH = 100
"""How deep lists and objects may lie in each other; readers of JSON end at 200, and answers wrap what they hold."""
