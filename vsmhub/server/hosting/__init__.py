"""Running the embedded Inter-Hub: for one command on this machine, or for others until it is told to stop."""
