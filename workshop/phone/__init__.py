"""What a phone sends late, twice or both: kept on it until it arrives, and applied once."""
