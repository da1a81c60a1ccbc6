"""The tables of experts and of methods that model communities share."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Text, Uuid, text

from services.org.storage.columns import register

_OPEN = text("valid_to IS NULL")

expert = register(
    "expert",
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("field", Text, nullable=False, comment="a kind of the category expertise"),
    Index("uq_expert_open", "person_id", "field", "region_id", unique=True, postgresql_where=_OPEN),
    comment="panels of experts (智库专家团)",
)

guidance = register(
    "guidance",
    Column("expert_id", Uuid, ForeignKey("expert.id"), nullable=False),
    Index("uq_guidance_open", "expert_id", "region_id", unique=True, postgresql_where=_OPEN),
    comment="communities that experts accompany",
)

shared_method = register(
    "shared_method",
    Column("title", Text, nullable=False),
    Column("content", Text, nullable=True),
    Column("type", Text, ForeignKey("community_type.code"), nullable=False, comment="for communities of which type"),
    Column("model_id", Uuid, ForeignKey("region.id"), nullable=False, comment="the model community it comes from"),
    Index("ix_shared_method_model_id", "model_id"),
    comment="working methods of model communities, and where they are shared (工作法)",
)

adoption = register(
    "adoption",
    Column("method_id", Uuid, ForeignKey("shared_method.id"), nullable=False),
    Index("uq_adoption_open", "method_id", "region_id", unique=True, postgresql_where=_OPEN),
    comment="communities that took a shared method up",
)

GOVERNED = (expert, guidance, shared_method, adoption)
"""What is under row-level security."""
