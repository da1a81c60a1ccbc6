"""The tables of credit and what reads and writes them."""
