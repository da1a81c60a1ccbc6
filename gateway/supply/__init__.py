"""Where the graph in service comes from: composed or loaded at the start, replaced while requests go on."""
