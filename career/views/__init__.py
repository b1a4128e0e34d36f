"""Pages of « Ma carrière »."""
