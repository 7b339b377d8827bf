"""Core deposits: the customer's money that waits for the old part."""
