#!/usr/bin/env python3
"""An address that takes connections and never says anything: silent_port.py FILE, which names its port."""

import pathlib
import socket
import sys
import time

with socket.create_server(("127.0.0.1", 0), backlog=1000) as port:
    pathlib.Path(sys.argv[1]).write_text(str(port.getsockname()[1]), encoding="ascii")
    while True:
        time.sleep(3600)
