"""Which whole orders are kept on a day that is too full."""
