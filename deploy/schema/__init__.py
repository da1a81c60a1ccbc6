"""The supergraph on the command line: compose, check, compare, plan."""
