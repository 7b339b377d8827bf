"""Finding records by any part of what people type, without reading a whole table."""
