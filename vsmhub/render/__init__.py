"""Files from specs and templates: artifacts, which are always rewritten, and scaffolds, which people edit."""
