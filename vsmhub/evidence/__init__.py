"""Observing reality, and the evidence that comes of it."""
