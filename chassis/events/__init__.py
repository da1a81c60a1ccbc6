"""Events: what happened, written with the change that made it happen, delivered to who may know."""
