"""Where editors write: the forms of the admin, what they warn of, and what they keep of a text."""
