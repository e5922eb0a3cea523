"""Tests of the Inter-Hub client."""
