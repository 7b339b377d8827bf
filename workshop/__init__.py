"""Workshop: service reception for car dealers' repair workshops, from booking to follow-up."""

from workshop import later

later.install()
