"""What one technician does in one go, changed by hand: one job split in two, two joined to one."""
