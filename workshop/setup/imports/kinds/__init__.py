"""The kinds of rows that a file may bring, in the order in which a new shop brings them."""
