"""Practices: one city's way of governing as data, the demonstration that shows it, and its published figures."""
