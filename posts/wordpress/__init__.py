"""How WordPress writes its export files and its texts. Knows no models."""
