"""The local runner: real servers from wheels, migrations, services, demonstration data; and the command `linli`."""
