"""Observing on many machines: what is due is planned, claimed and noted in one PostgreSQL that all workers share."""
