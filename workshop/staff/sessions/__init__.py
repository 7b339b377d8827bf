"""Who is signed in where: a record for each session, and which tries did not fit."""
