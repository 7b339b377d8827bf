"""The customer wants other work after all: a finished car goes back to where work can change."""
