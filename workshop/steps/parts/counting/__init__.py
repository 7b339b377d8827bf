"""The pages of counting a shelf."""
