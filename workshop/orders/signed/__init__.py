"""What the signed papers of an order called its car and its people."""
