"""Processes that do nothing but hold sockets, and how pages reach them."""
