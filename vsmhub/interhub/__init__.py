"""Inter-Hub over HTTP: its messages, the client, and how a target fails."""
