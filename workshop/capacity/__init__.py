"""The ledger of hours by skill and bay kind."""
