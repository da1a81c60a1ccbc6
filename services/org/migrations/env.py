from chassis.migrations import run_environment
from services.org.storage.tables import metadata

run_environment(metadata)
