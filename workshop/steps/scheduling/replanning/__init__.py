"""Another plan for the board: asked for, made beside the requests, shown, accepted, undone."""
