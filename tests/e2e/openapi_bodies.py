"""How schemathesis sends what is no usual media type (SCHEMATHESIS_HOOKS names this module)."""

import json

import schemathesis


@schemathesis.serializer("application/vnd.pilothouse.command")
def command(_context, value):
    """A line that is, or is not, what the command line would send."""
    return value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n"
