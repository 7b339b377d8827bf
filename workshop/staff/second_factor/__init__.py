"""What is asked beside the password: codes of an app, passkeys, recovery codes."""
