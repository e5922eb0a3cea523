"""Vocabularies: their rules, their edits, and what their changes break."""
