"""What a part costs on a day: the history of its price, and the mark-up on its cost."""
