"""Opens connections to HOST PORT, sends half of them one request first, says `open`, and then waits for a line on its
input before each asks once more. Prints how many were answered, or why it stopped."""

import resource
import socket
import sys

REQUEST = b"GET /-/live HTTP/1.1\r\nHost: idle\r\n\r\n"


def raise_file_limit(wanted):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
    except (ValueError, PermissionError):
        sys.exit(f"idle_connections: {wanted} open files are needed, {hard} are allowed: type ulimit -Hn {wanted}")


def answered(client):
    client.sendall(REQUEST)
    return client.recv(4096).startswith(b"HTTP/1.1 200 ")


def main(host, port, count):
    raise_file_limit(count + 50)
    clients = []
    for i in range(count):
        client = socket.create_connection((host, port), timeout=30)
        clients.append(client)
        if i % 2 == 0 and not answered(client):
            sys.exit(f"idle_connections: connection {i} got no answer")
    print("open", flush=True)
    sys.stdin.readline()
    print(sum(answered(client) for client in clients), flush=True)


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
