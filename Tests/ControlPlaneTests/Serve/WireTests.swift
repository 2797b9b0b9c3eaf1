// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What no library sends, or none over plain HTTP: bytes on a socket.
@Suite(.timeLimit(.minutes(3))) struct WireTests {
    private static let head = #"""
        import os, socket
        address = ('127.0.0.1', int(os.environ['AWS_ENDPOINT_URL'].rsplit(':', 1)[1]))
        def connect():
            s = socket.create_connection(address); s.settimeout(20); return s
        def answer(s):
            data = b''
            while b'\r\n\r\n' not in data:
                got = s.recv(65536)
                if not got: return data
                data += got
            head, _, body = data.partition(b'\r\n\r\n')
            length = [int(l.split(b':')[1]) for l in head.split(b'\r\n') if l.lower().startswith(b'content-length')]
            while length and len(body) < length[0]: body += s.recv(65536)
            return head + b'\r\n\r\n' + body
        def ask(text, body=b''):
            s = connect(); s.sendall(text.replace('\n', '\r\n').encode() + body); return answer(s)

        """#

    @Test("100 Continue comes before a byte of the body is sent")
    func expectContinue() throws {
        try ServedStage().client(
            Self.head + #"""
                s = connect()
                s.sendall(b'PUT /wire/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n')
                assert s.recv(100) == b'HTTP/1.1 100 Continue\r\n\r\n'
                s.sendall(b'hello')
                assert answer(s).startswith(b'HTTP/1.1 200 OK\r\n')
                s.sendall(b'GET /wire/k HTTP/1.1\r\nHost: localhost\r\n\r\n')
                assert answer(s).endswith(b'\r\n\r\nhello')
                """#, needing: "socket")
    }

    @Test("A body in aws-chunked frames is stored without them, if its trailer's checksum is right")
    func awsChunked() throws {
        try ServedStage().client(
            Self.head + #"""
                def put(key, body, more=''):
                    framed = b'%x\r\n%s\r\n0\r\n\r\n' % (len(body), body)
                    return ask(f'''PUT /wire/{key} HTTP/1.1
                Host: localhost
                Content-Encoding: aws-chunked
                Transfer-Encoding: chunked
                x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER
                x-amz-decoded-content-length: 5
                x-amz-trailer: x-amz-checksum-crc32
                {more}
                ''', framed)
                def get(key): return ask(f'GET /wire/{key} HTTP/1.1\nHost: localhost\n\n')
                good = put('good', b'2\r\nhe\r\n3;chunk-signature=ff\r\nllo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n')
                assert b'200 OK' in good and b'x-amz-checksum-crc32: NhCmhg==' in good, good
                got = get('good')
                assert got.endswith(b'\r\n\r\nhello') and b'aws-chunked' not in got, got
                for key, body, code in [
                        ('sum', b'5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n', b'BadDigest'),
                        ('cut', b'5\r\nhello\r\n', b'IncompleteBody'),
                        ('short', b'4\r\nhell\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n', b'IncompleteBody'),
                        ('none', b'5\r\nhello\r\n0\r\n\r\n', b'MalformedTrailerError'),
                        ('size', b'zz\r\nhello\r\n0\r\n\r\n', b'InvalidRequest'),
                        ('long', b'5\r\nhelloo\r\n0\r\n\r\n', b'InvalidRequest')]:
                    refused = put(key, body)
                    assert b'400 Bad Request' in refused and code in refused, (key, refused)
                    assert b'NoSuchKey' in get(key), key
                """#, needing: "socket")
    }

    @Test("A body that is cut off, or is not what its head says, stores nothing")
    func brokenBodies() throws {
        try ServedStage().client(
            Self.head + #"""
                s = connect(); s.sendall(b'PUT /wire/cut HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhello')
                s.shutdown(socket.SHUT_WR); s.close()
                sha = '0' * 64
                refused = ask(f'PUT /wire/sha HTTP/1.1\nHost: localhost\nContent-Length: 5\nx-amz-content-sha256: {sha}\n\n', b'hello')
                assert b'XAmzContentSHA256Mismatch' in refused, refused
                refused = ask('PUT /wire/md5 HTTP/1.1\nHost: localhost\nContent-Length: 5\nContent-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==\n\n', b'hello')
                assert b'BadDigest' in refused, refused
                refused = ask('PUT /wire/none HTTP/1.1\nHost: localhost\n\n')
                assert b'411' in refused and b'MissingContentLength' in refused, refused
                assert b'NoSuchBucket' in ask('GET /wire/cut HTTP/1.1\nHost: localhost\n\n')
                """#, needing: "socket")
    }

    @Test("A name that is not ours is misdirected: no page in a browser is led here")
    func foreignHost() throws {
        try ServedStage().client(
            Self.head + #"""
                for name in ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', '', 'a b']:
                    got = ask(f'GET / HTTP/1.1\nHost: {name}\n\n')
                    assert b' 421 ' in got.split(b'\r\n')[0], (name, got)
                for name in ['localhost', 'LOCALHOST:99', '127.0.0.1:1', '[::1]:5', 'localhost.']:
                    got = ask(f'GET / HTTP/1.1\nHost: {name}\n\n')
                    assert b' 200 ' in got.split(b'\r\n')[0], (name, got)
                """#, needing: "socket")
    }

    @Test("Heads without measure, bodies without end and a thousand silent connections leave the others served")
    func exhaustion() throws {
        try ServedStage().client(
            Self.head + #"""
                silent = [connect() for _ in range(1000)]
                for s in silent: s.sendall(b'GET / HT')
                fine = ask('GET / HTTP/1.1\nHost: localhost\n\n')
                assert b'200 OK' in fine, fine
                def refused(text, body=b''):
                    try: return ask(text, body)
                    except (ConnectionResetError, BrokenPipeError): return b''
                huge = refused('GET / HTTP/1.1\nHost: localhost\nx: ' + 'x' * 1000000 + '\n\n')
                assert b'200' not in huge.split(b'\r\n')[0], huge[:200]
                many = refused('GET / HTTP/1.1\nHost: localhost\n' + 'x: y\n' * 10000 + '\n')
                assert b'200' not in many.split(b'\r\n')[0], many[:200]
                s = connect()
                s.sendall(b'POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: SageMaker.Search\r\n'
                          b'Transfer-Encoding: chunked\r\n\r\n')
                chunk = b'100000\r\n' + b' ' * 0x100000 + b'\r\n'
                sent = 0
                try:
                    while sent < 512: s.sendall(chunk); sent += 1
                except (ConnectionResetError, BrokenPipeError, socket.timeout): pass
                assert sent < 512, 'an endless body is read for ever'
                assert b'200 OK' in ask('GET / HTTP/1.1\nHost: localhost\n\n')
                """#, needing: "socket")
    }
}
