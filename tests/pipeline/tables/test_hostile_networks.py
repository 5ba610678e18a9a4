"""A network at its worst: portals, redirects, bombs, false certificates, nonsense for a proxy, names that hang."""

import datetime
import ipaddress
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.record.store import ROOT
from pipeline.tables import sources
from pipeline.tables.datasets import DATASETS
from pipeline.tables.sources import UnavailableError, fetch, fetch_first
from tests.pipeline.serving import Server, before_impatient_client
from tests.places.mounts import way_in

TABLE = (ROOT / "data" / "boston_housing.csv").read_bytes()
FAILING = {
    "/chained": "could not be reached (Exceeded 30 redirects.)",
    "/to_a_file": "could not be reached (No connection adapters were found for 'file:///etc/passwd)",
    "/to_ftp": "could not be reached (No connection adapters were found for 'ftp://127.0.0.1/good)",
    "/to_nonsense": "could not be reached (",
    "/to_secure": "could not be reached (self-signed certificate (",
    "/captive": "sent other bytes than the pinned ones, by their SHA-256",
    "/bomb": "sends more than 64 MB",
    "/no_gzip": "could not be reached (",
    "/numberless": "could not be reached (",
    "/headers_only": "could not be reached (Read timed out.)",
    "/long_headers": "could not be reached (",
}

# pooch leaves the connection of a failed download to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <:ResourceWarning")


@pytest.fixture
def server() -> Iterator[Server]:
    """A server, and a client that gives up before long."""
    with before_impatient_client(TABLE, connect=2, read=2, total=8) as server:
        yield server


def test_each_way_to_fail_has_its_reason_and_the_next_source_serves(server: Server, tmp_path: Path) -> None:
    with _with_false_certificate(tmp_path) as server.elsewhere:
        tried = [server.source(path) for path in FAILING]
        with ThreadPoolExecutor(len(tried)) as pool:  # they wait side by side
            said = dict(zip(FAILING, pool.map(_reason, [(each.url, each.sha256) for each in tried]), strict=True))
    for path, reason in FAILING.items():
        assert said[path].startswith(reason), (path, said[path])
        assert "\n" not in said[path]
    good = server.source("/overlong")
    with ThreadPoolExecutor(len(tried)) as pool:
        assert list(pool.map(fetch_first, [(each, good) for each in tried])) == [(good, TABLE)] * len(tried)


def test_redirects_are_followed_so_often_and_not_for_ever(server: Server) -> None:
    assert _reason((server.url("/chained"), None)).startswith("could not be reached")
    assert len(server.asked) == 31


@pytest.mark.parametrize(
    "proxy", ["nonsense", "http://", "http://[::1", "ftp://127.0.0.1:1", "http://127.0.0.1:9", "http://proxy.invalid:1"]
)
def test_nonsense_for_a_proxy_is_a_reason_like_any_other(
    server: Server, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name)
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, proxy)
    assert _reason((server.url("/good"), None)).startswith("could not be reached (")
    assert server.asked == []


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("url", ["http://", "http://[::1", f"http://{'a' * 80}.invalid/", "http://127.0.0.1:99999/"])
def test_an_address_that_is_none_is_a_reason_like_any_other(url: str) -> None:
    assert _reason((url, None)).startswith("could not be reached (")


def test_where_nothing_can_be_saved_that_is_the_reason(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    assert _reason((server.url("/good"), None)).startswith("could not be saved (")


@pytest.mark.parametrize(
    ("hanging", "reason"), [(True, "was slower than 1 seconds"), (False, "could not be reached (")]
)
def test_a_name_server_that_hangs_or_is_not_there_is_given_up(tmp_path: Path, hanging: bool, reason: str) -> None:
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="utf-8")
    code = (
        "import fcntl, socket, struct, sys\n"
        "from pipeline.tables import sources\n"
        "with socket.socket() as place: fcntl.ioctl(place, 0x8914, struct.pack('16sh', b'lo', 0x41))\n"  # lo goes up
        f"names = socket.socket(type=socket.SOCK_DGRAM); {hanging} and names.bind(('127.0.0.1', 53))\n"
        "sources.TOTAL_SECONDS = 1\n"
        "try: sources.fetch('http://example.org/', None)\n"
        "except sources.UnavailableError as reason: print(reason)\n"
    )
    script = f'mount --bind "{tmp_path}/resolv.conf" /etc/resolv.conf && exec "$0" -c "$1"'
    command = ["unshare", *way_in(), "--net", "sh", "-c", script, sys.executable, code]
    alone = dict.fromkeys(("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"), "")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, env=os.environ | alone)
    assert done.stdout.startswith(reason), done.stderr


def test_all_sources_of_a_data_set_together_take_less_than_30_seconds() -> None:
    assert all(len(dataset.sources) * sources.TOTAL_SECONDS < 30 for dataset in DATASETS.values())
    assert max(sources.CONNECT_SECONDS, sources.READ_SECONDS) < sources.TOTAL_SECONDS


def _reason(asked: tuple[str, str | None]) -> str:
    with pytest.raises(UnavailableError) as caught:
        fetch(*asked)
    return str(caught.value)


@contextmanager
def _with_false_certificate(folder: Path) -> Iterator[str]:
    """Listen as 127.0.0.1 with a certificate that nobody vouches for; give the address."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    own = serialization.Encoding.PEM
    plain = key.private_bytes(own, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "both.pem").write_bytes(plain + certificate.public_bytes(own))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with suppress(OSError), listening.accept()[0] as place, context.wrap_socket(place, server_side=True):
                pass  # a client that believes the certificate would read an answer that is empty

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}/good"
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        thread.join()
