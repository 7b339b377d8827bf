"""The register of parts: made, changed, retired, replaced by a newer one."""
