"""Probes: one look at one thing. A module for each kind, behind the one Protocol in `probe`."""
