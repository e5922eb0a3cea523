"""Interaction events: taken in, the newest of each series known, and forgotten in time."""
