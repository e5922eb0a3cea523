"""The API as it was served in May 2026, with its gaps and its faults, so that what was written for it can be proven."""
