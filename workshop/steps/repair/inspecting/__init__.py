"""Vehicle inspections on the technician's phone and on the desk; sold ones hold their job."""
