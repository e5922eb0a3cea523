"""The tests of vsmhub, by package."""
