"""The names a hub owns: rules they follow, how they may change, and whom a change breaks."""
