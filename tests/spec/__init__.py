"""Specs: read, complained of, and described by their schema."""
