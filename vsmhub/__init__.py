"""Describe a Viable System Model hub once, bootstrap it into Inter-Hub, and keep the two in agreement."""

__version__ = "0.1.0"
