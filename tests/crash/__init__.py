"""One act of each step, done in a process that dies before or after the commit."""
