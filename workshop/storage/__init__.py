"""How data lie in files and tables: whose they are, who waits for whom, how they are asked for."""
