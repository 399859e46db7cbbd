"""Serves MiniStack on two free ports of this machine until its standard input ends: whoever started it may die in any way.

  serve.py <folder>

One port speaks TLS, for policies of the stack refuse plain HTTP; the emulator fetches the keys of user pools from itself
over the other. Writes <folder>/certificate.pem first, then one line of JSON to standard output; what
the emulator says goes to <folder>/emulator.log.
"""

import asyncio
import datetime
import ipaddress
import json
import os
import pathlib
import socket
import sys
import threading

# Also of what is loaded and started below: the emulator and its functions.
log = os.open(pathlib.Path(sys.argv[1], "emulator.log"), os.O_CREAT | os.O_WRONLY | os.O_APPEND)
os.dup2(log, 2)

import uvicorn  # noqa: E402
from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402
from cryptography.x509.oid import NameOID  # noqa: E402


def write_certificate(certificate_file: pathlib.Path, key_file: pathlib.Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "quotaline-deploy-test")])
    names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_file.touch(mode=0o600)
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def listening() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


class Server(uvicorn.Server):
    """Signals stay Python's: two servers would take them from one another."""

    def install_signal_handlers(self) -> None:
        pass


async def main(folder: pathlib.Path) -> None:
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    write_certificate(certificate_file, key_file)
    plain, tls = listening(), listening()
    plain_port, tls_port = (each.getsockname()[1] for each in (plain, tls))
    # Read when the emulator is imported, which the servers do.
    os.environ["GATEWAY_PORT"] = str(plain_port)
    # What functions find in their environment.
    os.environ["AWS_ENDPOINT_URL"] = f"https://127.0.0.1:{tls_port}"
    os.environ["NODE_EXTRA_CA_CERTS"] = str(certificate_file)

    # The app's start and end belong to the first. Without `date_header` its answers would carry two dates, which SDKs can't read.
    common = {"app": "ministack.app:app", "date_header": False, "log_level": "warning"}
    servers = [
        Server(uvicorn.Config(**common)),
        Server(uvicorn.Config(**common, lifespan="off", ssl_certfile=certificate_file, ssl_keyfile=key_file)),
    ]

    def end_with_input() -> None:
        sys.stdin.read()
        for server in servers:
            server.should_exit = True

    threading.Thread(target=end_with_input, daemon=True).start()
    print(json.dumps({"url": f"https://127.0.0.1:{tls_port}", "plainUrl": f"http://127.0.0.1:{plain_port}"}), flush=True)
    await asyncio.gather(*(server.serve(sockets=[each]) for server, each in zip(servers, (plain, tls))))


asyncio.run(main(pathlib.Path(sys.argv[1])))
