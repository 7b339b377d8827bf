"""Two records of one customer or car are joined, and parted again."""
