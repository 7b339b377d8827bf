"""The pages of what is bought."""
