"""What the shop orders from its suppliers: the list, the order, its deliveries, its invoices."""
