"""The services: each owns one part of governance, a database and a history of migrations; none imports another."""
