"""Workshop: service reception for car dealers' repair workshops, from booking to follow-up."""
