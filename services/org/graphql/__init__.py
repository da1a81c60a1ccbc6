"""org's part of the graph: thin types over the reads and commands; no rules here."""
