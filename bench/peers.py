"""Runs the programs that bench/peers.sh installed, in alternating rounds, and prints their rates.

Every load goes into a database of its own. The time is that from the first list call to the last row,
the start of a program excluded.
"""

import http.client
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import urllib.parse

import psycopg2

PAGE = 500
SITE, KEY, SECRET = (os.environ["SITE_" + name] for name in ("URL", "KEY", "SECRET"))
TOKEN = {"Authorization": f"token {KEY}:{SECRET}"}
PROGRAMS = pathlib.Path(os.environ["PROGRAMS"])
PASSWORD = os.environ["PASSWORD"]
SERVER = urllib.parse.urlparse(os.environ["DATABASE"].removeprefix("jdbc:"))


class Kind:
    """Documents of a type, with the rows of one child table or without."""

    def __init__(self, doctype, row_doctype="", row_field=""):
        self.doctype, self.row_doctype, self.row_field = doctype, row_doctype, row_field


def connect(database):
    connection = psycopg2.connect(
        host=SERVER.hostname, port=SERVER.port, user="postgres", password=PASSWORD, dbname=database
    )
    connection.autocommit = True
    return connection


def execute(database, sql):
    connection = connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


class Lists:
    """The lists of the site alone, over one connection; what they hold is read and left."""

    def __init__(self):
        site = urllib.parse.urlparse(SITE)
        self.connection = (
            http.client.HTTPSConnection if site.scheme == "https" else http.client.HTTPConnection
        )(site.hostname, site.port)

    def call(self, doctype, **arguments):
        query = urllib.parse.urlencode(
            {name: value if isinstance(value, str) else json.dumps(value) for name, value in arguments.items()}
        )
        # names of a page are longer than an address may be
        self.connection.request(
            "POST",
            "/api/method/frappe.client.get_list",
            "doctype=" + urllib.parse.quote(doctype) + "&" + query,
            TOKEN | {"Content-Type": "application/x-www-form-urlencoded"},
        )
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"list of {doctype}: {answer.status} {body[:200]}")
        return body

    def read(self, kind):
        order = "modified asc, name asc"
        since, start, number = "1900-01-01 00:00:00", 0, 0
        while True:
            page = json.loads(
                self.call(
                    kind.doctype, fields=["*"], order_by=order, limit_start=start,
                    limit_page_length=PAGE, filters=[["modified", ">=", since]],
                )
            )["message"]
            number += len(page)
            if kind.row_doctype and page:
                names = [document["name"] for document in page]
                self.call(
                    kind.row_doctype, fields=["*"], parent=kind.doctype, limit_page_length=0,
                    filters=[["parenttype", "=", kind.doctype], ["parent", "in", names]],
                )
            if len(page) < PAGE:
                return number
            last = page[-1]["modified"]
            same = sum(document["modified"] == last for document in page)
            start = start + same if since == last else same
            since = last


def lists(kind, database, work):
    begun = time.monotonic()
    Lists().read(kind)
    return time.monotonic() - begun


def ours(kind, database, work):
    project = work / database
    (project / "producers").mkdir(parents=True)
    (project / "config").mkdir()
    (project / "config/application.properties").write_text(
        f"""eventstreaming.database.url = jdbc:postgresql://{SERVER.hostname}:{SERVER.port}/{database}
eventstreaming.database.user = postgres
eventstreaming.database.password = {{{{env:PASSWORD}}}}
eventstreaming.http.port = 0
eventstreaming.management.port = 0
"""
    )
    (project / "producers/site.yaml").write_text(
        f"""producer_url: {SITE}
user: Administrator
api_key: "{{{{env:SITE_KEY}}}}"
api_secret: "{{{{env:SITE_SECRET}}}}"
producer_doctypes:
  - ref_doctype: {kind.doctype}
    use_same_name: 1
    initial_load: all
"""
    )
    run([os.environ["LAUNCHER"], "-C", str(project), "run", "--once"], EVENT_STREAMING_CACHE="none")
    return float(
        execute(
            database,
            """select extract(epoch from t.loaded_at - t.load_wished_at)
                 from event_streaming.event_producer_document_type t""",
        )[0][0]
    )


DLT = '''
import json, os, sys, time
import dlt
from dlt.sources.rest_api import rest_api_source

doctype, row_doctype, name, database = sys.argv[1:]
site, key, secret = (os.environ["SITE_" + name] for name in ("URL", "KEY", "SECRET"))


def resource(doctype, **arguments):
    return {
        "name": doctype,
        "primary_key": "name",
        "write_disposition": "append",
        "endpoint": {
            "path": doctype,
            "params": {"fields": '["*"]', "order_by": "modified asc, name asc", **arguments},
            "data_selector": "data",
        },
    }


source = rest_api_source(
    {
        "client": {
            "base_url": site + "/api/resource/",
            "headers": {"Authorization": f"token {key}:{secret}"},
            "paginator": {
                "type": "offset",
                "limit": 500,
                "offset_param": "limit_start",
                "limit_param": "limit_page_length",
                "total_path": None,
            },
        },
        "resources": [resource(doctype)] + ([resource(row_doctype, parent=doctype)] if row_doctype else []),
    }
)
pipeline = dlt.pipeline(name, destination=dlt.destinations.postgres(database), dataset_name="peer")
arguments = {"loader_file_format": os.environ["FORMAT"]} if os.environ.get("FORMAT") else {}
begun = time.monotonic()
pipeline.run(source, **arguments).raise_on_failed_jobs()
print(time.monotonic() - begun)
'''


def dlt(kind, database, work, **environment):
    address = f"postgresql://postgres:{PASSWORD}@{SERVER.hostname}:{SERVER.port}/{database}"
    return float(
        run(
            [PROGRAMS / "dlt/bin/python", "-c", DLT, kind.doctype, kind.row_doctype, database, address],
            DLT_DATA_DIR=str(work / database),
            RUNTIME__DLTHUB_TELEMETRY="false",
            **environment,
        ).split()[-1]
    )


def dlt_csv(kind, database, work):
    return dlt(kind, database, work, FORMAT="csv")


def tap(kind, database, work):
    tap = work / f"{database}-tap.json"
    target = work / f"{database}-target.json"
    doctypes = [kind.doctype] + ([kind.row_doctype] if kind.row_doctype else [])
    tap.write_text(
        json.dumps(
            {"api_url": SITE, "api_key": KEY, "api_secret": SECRET, "limit_page_length": PAGE, "doctypes": doctypes}
        )
    )
    target.write_text(
        json.dumps(
            {
                "host": SERVER.hostname, "port": SERVER.port, "user": "postgres", "password": PASSWORD,
                "database": database, "default_target_schema": "peer",
            }
        )
    )
    tap_program, target_program = PROGRAMS / "tap/bin/tap-erpnext", PROGRAMS / "target/bin/target-postgres"
    begun = time.monotonic()
    run([tap_program, "--version"])
    start = time.monotonic() - begun
    run(["bash", "-o", "pipefail", "-c", f"{tap_program} --config {tap} | {target_program} --config {target}"])
    return time.monotonic() - begun - 2 * start


def run(command, **environment):
    done = subprocess.run(
        command, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: " + "\n".join((done.stdout + done.stderr).splitlines()[-8:]))
    return done.stdout


COUNTS = {
    ours: "select count(*) from event_streaming.document",
    dlt: "select count(*) from peer.{table}",
    dlt_csv: "select count(*) from peer.{table}",
    tap: "select count(*) from peer.{table}",
}


def check(program, kind, database, number):
    if program in COUNTS:
        found = execute(
            database,
            "select table_name from information_schema.tables where table_schema = 'peer'",
        )
        wanted = "".join(c for c in kind.doctype.lower() if c.isalnum())
        table = [name for (name,) in found if name.replace("_", "").replace(" ", "").lower() == wanted]
        (count,) = execute(database, COUNTS[program].format(table=f'"{table[0]}"' if table else ""))[0]
        if count != number:
            raise RuntimeError(f"{count} documents are there, not {number}")


def main():
    rounds, work = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    kinds = [
        Kind(os.environ["DOCTYPE"]),
        Kind(os.environ["ROWS_OF"], os.environ["ROW_DOCTYPE"], os.environ["ROW_FIELD"]),
    ]
    programs = {"Event Streaming": ours, "dlt": dlt, "dlt by COPY": dlt_csv, "tap and target": tap, "lists alone": lists}
    # the tap reads documents with rows one by one: it would take most of the time
    for kind in kinds:
        number = Lists().read(kind)
        if number == 0:
            continue
        chosen = {name: one for name, one in programs.items() if not (one is tap and kind.row_doctype)}
        print(f"{kind.doctype}, {number:,} documents" + (f" with {kind.row_doctype}" if kind.row_doctype else ""))
        rates = {name: [] for name in chosen}
        for round in range(rounds):
            order = list(chosen.items())
            order = order[round % len(order):] + order[: round % len(order)]
            for name, program in order:
                database = f"peer{time.monotonic_ns()}"
                execute("postgres", f"create database {database}")
                try:
                    seconds = program(kind, database, work)
                    check(program, kind, database, number)
                    rates[name].append(number / seconds)
                except (RuntimeError, psycopg2.Error) as failure:
                    print(f"  {name} failed: {failure}", file=sys.stderr)
                finally:
                    execute("postgres", f"drop database {database} with (force)")
        middle = {name: statistics.median(some) for name, some in rates.items() if some}
        print(f"  {'':18} {'median /s':>10}  {'rounds':30} Event Streaming is")
        for name, some in rates.items():
            if some:
                every = " ".join(f"{rate:,.0f}" for rate in some)
                ratio = middle.get("Event Streaming", float("nan")) / middle[name]
                print(f"  {name:18} {middle[name]:10,.0f}  {every:30} {ratio:.2f} x", flush=True)


main()
