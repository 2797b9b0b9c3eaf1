// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AWSClient

@Suite struct HTTPTransportTests {
    /// A server with a certificate of its own for `localhost`, on 127.0.0.1, as long as its input is open.
    private static let script = #"""
        import http.server, os, ssl, subprocess, sys, tempfile, threading
        directory = tempfile.mkdtemp()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-keyout", directory + "/key", "-out", directory + "/certificate", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *words): pass
            def do_PUT(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
                self.wfile.write(body)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(directory + "/certificate", directory + "/key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_port, directory + "/certificate", flush=True)
        sys.stdin.read()
        os._exit(0)
        """#

    @Test func `TLS believes who is vouched for, by the right name, and nobody else`() async throws {
        let process = Process(), output = Pipe(), input = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.script]
        process.standardOutput = output
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer { try? input.fileHandleForWriting.close() }  // it ends then
        let line = await MotoServer.firstLine(of: output.fileHandleForReading)
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 2 else {
            print("skipped: no python3 with ssl, or no openssl")
            return
        }
        func put(_ host: String, _ environment: [String: String], times: Int = 1) async throws -> [UInt8] {
            let transport = HTTPTransport(environment: environment)
            let endpoint = try #require(AWSEndpoint("https://\(host):\(words[0])"))
            var last: [UInt8] = []
            for _ in 0..<times {
                let body = [UInt8](repeating: 7, count: 3 << 20)
                let reply = try await transport.send(
                    AWSRequest(method: "PUT", endpoint: endpoint, body: body), timeout: .seconds(30))
                #expect(reply.status == 200)
                last = reply.body
            }
            return last
        }
        let trusting = ["AWS_CA_BUNDLE": words[1]]
        #expect(try await put("localhost", trusting, times: 3) == [UInt8](repeating: 7, count: 3 << 20))
        for (host, environment) in [("localhost", [:]), ("127.0.0.1", trusting)] {
            await #expect("\(host)") {
                _ = try await put(host, environment)
            } throws: {
                ($0 as? TransportFailure)?.description.contains("the certificate is not accepted") == true
            }
        }
        await #expect(throws: TransportFailure.self) {
            _ = try await put("localhost", ["AWS_CA_BUNDLE": "/nowhere"])
        }
    }

    @Test func `a header with a line break is not sent`() async throws {
        let endpoint = try #require(AWSEndpoint("http://127.0.0.1:1"))
        let request = AWSRequest(method: "GET", endpoint: endpoint, headers: [.init("X", "a\r\nY: b")])
        await #expect(throws: TransportFailure.self) {
            _ = try await HTTPTransport(environment: [:]).send(request, timeout: .seconds(5))
        }
    }

    @Test(arguments: [
        ("https://s3.eu-west-1.amazonaws.com", ["https_proxy": "http://u:p%40@proxy:3128/"], "proxy:3128"),
        ("https://s3.eu-west-1.amazonaws.com", ["https_proxy": "proxy:3128", "no_proxy": "x, .amazonaws.com"], nil),
        ("https://s3.eu-west-1.amazonaws.com", ["http_proxy": "proxy:1"], nil),
        ("http://127.0.0.1:5000", ["http_proxy": "proxy:1", "no_proxy": "127.0.0.1"], nil),
        ("http://127.0.0.1:5000", ["HTTP_PROXY": "proxy:1"], nil), ("http://h", ["ALL_PROXY": "proxy:1"], "proxy:1"),
    ])
    func `a proxy is the one that the variables name`(address: String, variables: [String: String], proxy: String?)
        throws
    {
        let endpoint = try #require(AWSEndpoint(address))
        let found = try ProxySettings(environment: variables).proxy(for: endpoint)
        #expect(found.map { "\($0.host):\($0.port)" } == proxy)
    }
}
