"""What the customer took off again after the signature: a new version of the authorisation."""
