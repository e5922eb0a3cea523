"""What the programs of operations write as JSON, as facts."""
