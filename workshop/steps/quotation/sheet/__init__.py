"""The paper: the authorisation sheet and its terms."""
