"""State machines of N2, N4 and N3: whose session a packet belongs to. In memory only."""
