from chassis.migrations import run_environment
from services.credit.storage.tables import metadata

run_environment(metadata)
