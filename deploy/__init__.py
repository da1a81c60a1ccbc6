"""How Linli is run: locally for development and demonstration, and what a city installs."""
