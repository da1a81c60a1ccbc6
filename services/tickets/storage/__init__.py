"""Tables and query-shaped reads of tickets; SQLAlchemy Core only."""
