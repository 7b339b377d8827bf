"""Lists and words of the shop as data: what is asked, measured and said, in frozen versions."""
