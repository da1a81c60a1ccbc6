"""How org keeps what it knows: tables, and reads shaped by what asks them."""
