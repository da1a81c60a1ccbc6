"""What is held and offered at places: the tables of activities, items of service, and authorised matters."""

from __future__ import annotations

from services.org.storage import activity_tables, service_tables

activity = activity_tables.activity
activity_part = activity_tables.activity_part
service_item = service_tables.service_item
authorised_matter = service_tables.authorised_matter
matter_review = service_tables.matter_review

GOVERNED = (*activity_tables.GOVERNED, *service_tables.GOVERNED)
"""What is under row-level security."""

KEPT = (service_item, authorised_matter)
"""Registers with which a region is not empty while anything of theirs holds in it."""
