"""Rules that a practice must keep beyond the shape of its file, by section."""
