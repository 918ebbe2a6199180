"""``custodes decode``: what octets of X1, X2/X3, HI2, HI3 and HI4 say, and where they are wrong."""
