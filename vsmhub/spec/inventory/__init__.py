"""What a hub's inventory holds: environments, hosts, services and the rest, each fact with where it comes from."""
