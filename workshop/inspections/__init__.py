"""The inspection of a car by a template: one record per visit, at reception, in the bay or both."""
