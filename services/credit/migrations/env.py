from chassis.migrations import run_environment
from services.credit.storage.governance_tables import metadata

run_environment(metadata)
