"""Inter-Hubs as an operator reaches them: which one is meant, how it is opened, and where its keys are kept."""
