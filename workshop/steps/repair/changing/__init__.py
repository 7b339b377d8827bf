"""The customer takes work off again, or stops the whole order, at any moment until delivery."""
