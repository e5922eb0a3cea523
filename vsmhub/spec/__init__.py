"""What a hub is: its model, its files, and what can be wrong with them."""
