"""What is held and offered at places: activities, items of service, authorised matters, experts, methods."""

from __future__ import annotations

from services.org.storage import activity_tables, model_tables, service_tables

activity = activity_tables.activity
activity_part = activity_tables.activity_part
service_item = service_tables.service_item
authorised_matter = service_tables.authorised_matter
matter_review = service_tables.matter_review
expert = model_tables.expert
guidance = model_tables.guidance
shared_method = model_tables.shared_method
adoption = model_tables.adoption

GOVERNED = (*activity_tables.GOVERNED, *service_tables.GOVERNED, *model_tables.GOVERNED)
"""What is under row-level security."""

KEPT = (service_item, authorised_matter, expert, guidance, shared_method, adoption)
"""Registers with which a region is not empty while anything of theirs holds in it."""
