"""BER (ITU-T X.690), driven by tables: values in, octets out, and back."""
