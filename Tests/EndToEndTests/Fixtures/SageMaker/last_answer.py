# SPDX-License-Identifier: Apache-2.0
"""Stands between a runner and a stage and passes requests on, up to the N-th: that one the stage still answers, the
runner never hears it, nor any later one, and FILE says which it was.

    last_answer.py URL N FILE all        prints its own address
    last_answer.py URL N FILE changes    counts only what changes something at the stage
"""

import http.client
import http.server
import os
import sys
import threading
import urllib.parse

STAGE, LAST, FILE = urllib.parse.urlsplit(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
CHANGES = ("SageMaker.CreateTrainingJob", "SageMaker.StopTrainingJob")
lock, count = threading.Lock(), 0


class Between(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self):
        global count
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with lock:
            if count >= LAST:
                threading.Event().wait()
            what = self.headers.get("X-Amz-Target", self.command + " " + self.path)
            counts = sys.argv[4] == "all" or self.command in ("PUT", "DELETE") or what in CHANGES
            count += counts
            connection = http.client.HTTPConnection(STAGE.hostname, STAGE.port, timeout=60)
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            data = answer.read()
            connection.close()
            if count == LAST:
                with open(FILE + ".new", "w") as file:
                    file.write("%d %s %d\n" % (count, what, answer.status))
                os.rename(FILE + ".new", FILE)
                threading.Event().wait()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else None
        self.send_header("Content-Length", length or str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = pass_on

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Between)
print("http://127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
