"""The rules of credit, without I/O: groups and catalogues, the ledger, its chain of hashes, events, problems."""
