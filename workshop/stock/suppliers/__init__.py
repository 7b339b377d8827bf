"""Who sells us parts, and what of."""
