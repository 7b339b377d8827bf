"""Who and which bay is taken when."""
