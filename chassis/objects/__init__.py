"""Files outside the database: a store that hands out links which expire, and what looks into the files."""
