"""Labels for parts, baskets, keys and wheels."""
