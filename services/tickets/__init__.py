"""Tickets (议事单): requests of residents and how they are handled, by processes that a practice describes."""
