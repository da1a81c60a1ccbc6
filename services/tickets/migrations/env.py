from chassis.migrations import run_environment
from services.tickets.storage.tables import metadata

run_environment(metadata)
