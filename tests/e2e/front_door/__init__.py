"""From an empty folder to the first settled car, as a manager does it who has never seen this."""
