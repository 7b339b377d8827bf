"""What on a quotation does not fit the car, or stands there twice; warned of, never forbidden."""
