"""The whole shop taken along as one file: by whoever leaves, or wants to look into everything."""
