"""Which acts two persons share, and what stands when a small shop cannot keep them apart."""
