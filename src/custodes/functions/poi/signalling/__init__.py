"""What N2 says: NGAP (3GPP TS 38.413) and NAS (3GPP TS 24.501) as small frozen values."""
