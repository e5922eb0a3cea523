"""What the hand-written files in a hub's folder are called."""

HUB_FILE = "hub.yaml"
INVENTORY_FILE = "inventory.yaml"
SIGNALS_FILE = "signals.yaml"
GATES_FILE = "gates.yaml"
BESIDE_HUB = (INVENTORY_FILE, SIGNALS_FILE, GATES_FILE)
"""The files that a hub may have beside its `hub.yaml`."""
