"""Everybody's own page: password, language, where one is signed in."""
