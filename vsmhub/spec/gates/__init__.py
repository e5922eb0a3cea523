"""What a hub's readiness gates ask for: the evidence, how old it may be, and who may set a gate aside."""
