"""Tests of reading and speaking to surfaces."""
