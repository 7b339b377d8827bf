"""The starter set: what a new shop begins with, laid in one press and taken back while unused."""
