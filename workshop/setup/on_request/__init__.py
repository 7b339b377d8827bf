"""What is kept of a person, handed out when the person asks for it."""
