"""Every state that is not the last has a page with a way on."""
