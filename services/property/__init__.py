"""property: compounds, owners, votes, committees, property companies."""
