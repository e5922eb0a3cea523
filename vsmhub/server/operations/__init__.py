"""The operations of the API, each module those of one resource."""
