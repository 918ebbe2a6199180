"""PFCP (3GPP TS 29.244): what the N4 interface says of sessions, tunnels and UE addresses."""
