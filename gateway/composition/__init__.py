"""Composition: subgraph SDLs → merged types → satisfiability → the frozen supergraph."""
