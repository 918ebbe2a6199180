"""Capture formats: octets of a file or a pipe in, frames out."""
