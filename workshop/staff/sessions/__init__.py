"""Who is signed in where: a record for each session, and what was tried in vain."""
