"""Makes a demonstration city from a practice: the same practice gives the same city, to the last id."""
