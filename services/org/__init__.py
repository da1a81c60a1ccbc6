"""org: regions, organisations, people, duties, teams, stations and musters."""
