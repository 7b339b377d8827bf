"""What lines cost: by themselves, in a package at its fixed price, and by the prices of today."""
