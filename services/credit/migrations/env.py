from chassis.migrations import run_environment
from services.credit.storage.market_tables import metadata

run_environment(metadata)
