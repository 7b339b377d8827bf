"""Who may read which kind of personal data, on every page."""
