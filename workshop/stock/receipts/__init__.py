"""What came in: from whom, with which delivery note, at what cost, and what was wrong of it."""
