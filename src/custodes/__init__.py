"""Custodes: lawful interception that only an order can start, and that can be checked."""

__version__ = "0.1.0"
