"""What people of the shop write to each other about an order; no customer ever reads it."""
