"""A connection, from its URI or its JSON, as Airflow reads both (`sdk/definitions/connection.py`)."""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from handler.context.missing import Model, missing
from handler.context.settings import second
from handler.errors import TaskError
from handler.errors_airflow import AirflowException

EXTRA_KEY = "__extra__"


class Connection(Model):
    """What is known of an external system."""

    def __init__(
        self,
        conn_id: str,
        conn_type: str | None = None,
        description: str | None = None,
        host: str | None = None,
        login: str | None = None,
        password: str | None = None,
        schema: str | None = None,
        port: int | None = None,
        extra: str | None = None,
    ) -> None:
        self.conn_id = conn_id
        self.conn_type = conn_type
        self.description = description
        self.host = host
        self.login = login
        # Airflow 2 keeps no empty one.
        self.password = password or None if second() else password
        self.schema = schema
        self.port = port
        self.extra = extra

    @classmethod
    def parsed(cls, conn_id: str, text: str) -> Connection:
        """From what a secrets backend holds: JSON, or a URI. TaskError or ValueError for what is neither."""
        text = text.strip()
        return cls._from_json(conn_id, text) if text.startswith("{") else cls._from_uri(conn_id, text)

    @classmethod
    def get(cls, conn_id: str) -> Connection:
        """`Connection.get(conn_id)`."""
        from handler.context.variables import connection

        return connection(conn_id)

    @property
    def extra_dejson(self) -> dict[str, Any]:
        """The extra part, read; {} where it is no JSON."""
        try:
            found: Any = json.loads(self.extra) if self.extra else {}
        except ValueError:
            return {}
        return found

    def get_extra_dejson(self) -> dict[str, Any]:
        """The same."""
        return self.extra_dejson

    def get_password(self) -> str | None:
        """The password; a method that Airflow 3 does not have."""
        if not second():
            raise missing("Connection.get_password")
        return self.password

    def to_dict(self, *, prune_empty: bool = False, validate: bool = True) -> dict[str, Any]:
        """All fields by name."""
        names = ("conn_id", "conn_type", "description", "host", "login", "password", "schema", "port")
        fields: dict[str, Any] = {name: getattr(self, name) for name in names}
        if prune_empty:
            fields = {name: value for name, value in fields.items() if value is not None}
        if (extra := self.extra_dejson) or not prune_empty:
            fields["extra"] = extra
        if validate:
            json.dumps(fields)
        return fields

    def as_json(self) -> str:
        """As JSON, without its id."""
        fields = self.to_dict(prune_empty=True, validate=False)
        del fields["conn_id"]
        return json.dumps(fields)

    def get_uri(self) -> str:
        """The connection as a URI."""
        uri = f"{self.conn_type.lower().replace('_', '-')}://" if self.conn_type else "//"
        host = self.host
        if host and "://" in host:
            protocol, rest = host.split("://", 1)
            if protocol != self.conn_type or second():
                uri, host = f"{uri}{protocol}://", rest
        who = "" if self.login is None else quote(self.login, safe="")
        who += "" if self.password is None else f":{quote(self.password, safe='')}"
        uri += f"{who}@" if who else ""
        where = quote(host, safe="") if host else ""
        if self.port:
            where += f":{self.port}" if where or who else f"@:{self.port}"
        where += f"/{quote(self.schema, safe='')}" if self.schema else ""
        return uri + where + self._query()

    def _query(self) -> str:
        if not self.extra:
            return ""
        mark = "?" if self.schema else "/?"
        try:
            query = urlencode(self.extra_dejson)
        except TypeError:
            query = ""
        if query and self.extra_dejson == dict(parse_qsl(query, keep_blank_values=True)):
            return mark + query
        return mark + urlencode({EXTRA_KEY: self.extra})

    def __repr__(self) -> str:
        return f"<Connection: {self.conn_id}>"

    @classmethod
    def _from_json(cls, conn_id: str, text: str) -> Connection:
        try:
            fields = cast("dict[str, Any]", json.loads(text))
        except ValueError:
            # The text itself is secret.
            raise TaskError(f"the connection {conn_id} is no JSON") from None
        extra = fields.pop("extra", None)
        if extra:
            fields["extra"] = extra if isinstance(extra, str) else json.dumps(extra)
        if kind := fields.pop("conn_type", None):
            fields["conn_type"] = _normal(kind)
        if port := fields.pop("port", None):
            fields["port"] = int(port)
        try:
            return cls(conn_id, **fields)
        except TypeError:
            raise TaskError(f"the connection {conn_id} has fields that no connection has") from None

    @classmethod
    def _from_uri(cls, conn_id: str, uri: str) -> Connection:
        schemes = uri.count("://")
        kind = urlsplit(uri).scheme
        rest = uri.replace(f"{kind}://", "" if schemes == 2 else "//")
        before = rest.split("://", 1)[0]
        if schemes > 2 or (schemes == 2 and ("@" in before or ":" in before)):
            raise AirflowException(f"the connection {conn_id} is no URI of a connection")
        parts = urlsplit(rest)
        host = _host(parts)
        extra = None
        if parts.query:
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            extra = query.get(EXTRA_KEY, json.dumps(query))
        return cls(
            conn_id,
            conn_type=_normal(kind),
            host=f"{parts.scheme}://{host}" if host and schemes == 2 else host,
            schema=unquote(parts.path[1:]),
            login=parts.username and unquote(parts.username),
            password=parts.password and unquote(parts.password),
            port=parts.port,
            extra=extra,
        )


def _host(parts: SplitResult) -> str:
    """The host, its case kept: `hostname` would lower it."""
    host = unquote(parts.hostname or "")
    if "/" not in host:
        return host
    place = parts.netloc.rpartition("@")[2]
    return unquote(place.partition(":")[0])


def _normal(kind: str) -> str:
    return "postgres" if kind == "postgresql" else kind.replace("-", "_")
