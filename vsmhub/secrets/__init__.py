"""Secrets: values that do not show themselves, and the stores that keep them."""
