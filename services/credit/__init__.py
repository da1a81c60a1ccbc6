"""credit (信用积分): points that only ever reward people, in a ledger that cannot be rewritten."""
