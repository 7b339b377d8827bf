"""What one technician does of an order in one go: a job, and the signed lines inside it."""
