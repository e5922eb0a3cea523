"""The command line: parses, wires the parts together, and is the only place that prints."""
