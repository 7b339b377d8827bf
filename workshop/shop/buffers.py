"""The two buffers: behind each piece of work, and between the last work and the promise."""

from __future__ import annotations

from datetime import datetime, timedelta


def blocked_until(ends_at: datetime, buffer_minutes: int) -> datetime:
    """Until when technician and bay stay taken after work that ends then: the buffer (N1)."""
    return ends_at + timedelta(minutes=buffer_minutes)


def ready_at(ends_at: datetime, delivery_minutes: int) -> datetime:
    """When a car is ready whose last work ends then: road test, wash and papers follow (N2)."""
    return ends_at + timedelta(minutes=delivery_minutes)


def must_end_by(promised_at: datetime, delivery_minutes: int) -> datetime:
    """When the last work must end: road test, wash and papers come before the promise (N2)."""
    return promised_at - timedelta(minutes=delivery_minutes)
