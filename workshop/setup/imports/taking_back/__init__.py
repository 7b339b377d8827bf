"""Taking an import back: what goes, and what stays since somebody has used it."""
