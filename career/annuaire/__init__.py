"""The official annuaire de l'éducation: read in every shape it is met in, written into `Establishment`."""
