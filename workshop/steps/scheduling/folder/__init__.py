"""The job folder on its way through the shop."""
