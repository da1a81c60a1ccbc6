from chassis.migrations import run_environment
from services.property.storage.tables import metadata

run_environment(metadata)
