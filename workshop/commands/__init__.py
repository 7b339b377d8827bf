"""The commands of `workshop` that are more than a few lines; `cli.py` has the rest."""
