"""The register of parts at the counter: parts, prices, suppliers, the mark-up."""
