"""tickets' subgraph: thin; the rules are in `domain`, what may be seen in `access.py`."""
