"""What waits for people: processes that hold sockets, and the worker that gathers requests."""
