"""Checks of the source tree that the linters do not have."""
