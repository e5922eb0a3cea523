"""What a target's API can do, read from its OpenAPI document, and speaking to it as it wants to be spoken to."""
