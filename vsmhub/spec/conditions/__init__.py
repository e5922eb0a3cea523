"""The language of conditions: one readable line each about what a probe observed, checked before anything is probed."""
