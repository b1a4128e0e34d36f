"""The fictional académie of a local installation: its data come by the ordinary doors, its accounts are opened here."""
