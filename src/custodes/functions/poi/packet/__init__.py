"""From a captured frame to datagrams and messages: link layer, IP, UDP, SCTP, GTP-U."""
