"""The one car that walks, and whose it is."""

from __future__ import annotations

PLATE = "沪A8K6F5"
SHOWN = "沪A·8K6F5"
MASKED = "沪A·8K•••5"
MASKED = "沪A·8K•••5"
OWNER = "李明远"
PHONE = "13912345678"
VIN = "LVSHCAMB1KE100001"
MAKE, MODEL = "别克", "君越"
CONCERN = "踩刹车的时候前面有吱吱的异响"
KM = 48_210

# What nobody in the lounge may ever get to see, on the screen or in the frames behind it.
PRIVATE = (PLATE, SHOWN, "8K6F5", VIN, OWNER, PHONE, MAKE, MODEL, CONCERN, "¥", "fen", "price")
