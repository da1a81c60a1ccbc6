from chassis.migrations import run_environment
from services.credit.storage.selection_tables import metadata

run_environment(metadata)
