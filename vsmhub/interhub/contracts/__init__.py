"""The contracts between hubs and Inter-Hub: JSON Schemas (2020-12) made from the messages, and validation by them."""
