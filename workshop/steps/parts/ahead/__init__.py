"""What the booked cars of the next days will need, before anybody has signed (P4)."""
