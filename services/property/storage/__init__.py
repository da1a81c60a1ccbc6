"""Tables and reads of property."""
