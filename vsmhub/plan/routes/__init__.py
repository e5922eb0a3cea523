"""The ways in which a change gets done."""
