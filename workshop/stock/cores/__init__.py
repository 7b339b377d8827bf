"""Old parts that go back to the supplier, and the deposits that it holds for them."""
