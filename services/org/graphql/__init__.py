"""org's part of the graph: thin types over the reads and commands; no rules here."""

# Regions refer to the types of every other module here, and those refer back: whoever comes first, this comes before.
from services.org.graphql import regions as regions
