from chassis.migrations import run_environment
from services.property.storage.governed import metadata

run_environment(metadata)
