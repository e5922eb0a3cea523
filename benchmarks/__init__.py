"""What vsmhub promises about speed, measured against its peers: `python -m benchmarks`, or `make bench`."""
