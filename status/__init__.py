"""The state of the service, told by a process that needs neither the portal, nor its database, nor its broker.

Standard library only: no Django, nothing of the portal is imported. What it knows is in three files of one folder:
`incidents.json` and `maintenance.json`, written by the commands and the portal, `probes.json`, written by itself.
"""
