// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite(.timeLimit(.minutes(4))) struct ServeTests {
    @Test("A server that is killed between acknowledged puts has lost none of them", arguments: [3, 40, 90])
    func killed(after count: Int) throws {
        let stage = try ServedStage()
        let writer = """
            import boto3, botocore, os, sys
            retry = botocore.config.Config(retries={'total_max_attempts': 1})
            s3 = boto3.client('s3', config=retry)
            with open(sys.argv[1], 'a') as acknowledged:
                for i in range(100000):
                    key = f'k{i % 50}' if i % 3 else f'new/{i}'
                    try: tag = s3.put_object(Bucket='kill', Key=key, Body=f'{i}'.encode() * 1000)['ETag']
                    except Exception: break
                    acknowledged.write(f'{key} {i}\\n'); acknowledged.flush()
                    print(i, flush=True)
            """
        guard try ServedStage.run([ServedStage.python, "-c", "import boto3"]).status == 0 else { return }
        let list = stage.directory + "/acknowledged"
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        let script =
            "eval \"$(\"$1\" env --port \(stage.port) --state '\(stage.directory)/state')\" && shift && exec \"$@\""
        process.arguments = [
            "-c", script, "sh", ServedStage.program, ServedStage.python, "-W", "ignore", "-c", writer, list,
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var lines = 0
        while lines < count {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            lines += data.filter { $0 == 10 }.count
        }
        stage.kill()
        process.waitUntilExit()
        #expect(lines >= count)
        try stage.start()
        try stage.client(
            """
            import boto3
            s3 = boto3.client('s3')
            newest = {}
            for line in open('\(list)'):
                key, number = line.split(); newest[key] = int(number)
            last = max(newest.values())
            for key, number in newest.items():
                body = s3.get_object(Bucket='kill', Key=key)['Body'].read()
                # The put after the last acknowledged one may have been done too.
                assert body in (f'{number}'.encode() * 1000, f'{last + 1}'.encode() * 1000), (key, number, body[:20])
            """)
    }

    @Test("What a killed server left half done is gone at the next start, and no byte of it stays on the disk")
    func leftovers() throws {
        let stage = try ServedStage()
        stage.kill()
        let store = stage.directory + "/state/stage/s3"
        for name in ["incoming/x", "blobs/y"] { try Data("z".utf8).write(to: URL(filePath: store + "/" + name)) }
        try stage.start()
        for name in ["incoming", "blobs"] {
            #expect(try FileManager.default.contentsOfDirectory(atPath: store + "/" + name).isEmpty)
        }
    }

    @Test("SIGINT and SIGTERM close the stage, also with connections that are kept open", arguments: [SIGINT, SIGTERM])
    func signals(signal: Int32) throws {
        let stage = try ServedStage()
        let open = try (0..<3).map { _ in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(stage.port).bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            let result = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(result == 0)
            return descriptor
        }
        defer { for descriptor in open { close(descriptor) } }
        #expect(stage.end(with: signal) == 0)
    }

    @Test("A port that is taken, a state that is in use and one that cannot be written are said, with code 1")
    func cannotStart() throws {
        let stage = try ServedStage()
        let port = String(stage.port)
        let taken = try ServedStage.nightshift([
            "serve", "--sagemaker", "--port", port, "--state", stage.directory + "/other",
        ])
        #expect(taken.status == 1)
        #expect(
            taken.errors
                == "cannot listen on 127.0.0.1 port \(port): Address already in use; another program has the port: choose "
                + "one with --port\n")
        let used = try ServedStage.nightshift(["serve", "--sagemaker", "--state", stage.directory + "/state"])
        #expect(used.status == 1)
        #expect(
            used.errors
                == "\(stage.directory)/state/stage is in use by another nightshift serve; end that one, or choose a "
                + "directory with --state\n")
        try Data().write(to: URL(filePath: stage.directory + "/file"))
        let refused = try ServedStage.nightshift(["serve", "--sagemaker", "--state", stage.directory + "/file"])
        #expect(refused.status == 1)
        #expect(refused.errors.hasPrefix("not started: cannot create \(stage.directory)/file/stage/s3: "))
        #expect(refused.errors.hasSuffix("; choose a state directory with --state\n"))
    }

    @Test("Beyond loopback nothing is served without a token, and wrong options are told all at once")
    func usage() throws {
        let open = try ServedStage.nightshift(["serve", "--sagemaker", "--address", "0.0.0.0", "--secret-file", "/no"])
        #expect(open.status == 2)
        #expect(
            open.errors == """
                --secret-file: /no cannot be read, or is no file of one line
                --address 0.0.0.0: others could reach the stage and run code here; give them a token: --token-file FILE

                """)
        #expect(try ServedStage.nightshift(["serve"]).status == 2)
        #expect(try ServedStage.nightshift(["serve", "--sagemaker", "--port", "0"]).status == 2)
        let short = try ServedStage.nightshift(["env"], environment: ["NIGHTSHIFT_STAGE_TOKEN": "short"])
        #expect(short.status == 2)
        #expect(short.errors == "NIGHTSHIFT_STAGE_TOKEN: needs 8 or more visible ASCII characters on one line\n")
        let market = try ServedStage.nightshift(["serve", "--sagemaker", "--market", "/no"])
        #expect(market.status == 2)
        #expect(market.errors.hasPrefix("/no: "))
        for wrong in ["1", "ml.p4d.24xlarge=1", "ml.p4d.24xlarge for training job usage=-1"] {
            let quota = try ServedStage.nightshift(["serve", "--sagemaker", "--quota", wrong])
            #expect(quota.status == 2 && quota.errors.contains("--quota \(wrong): expected NAME=N"), "\(quota.errors)")
        }
    }

    @Test("With a token every route but health wants it; SDKs send it as their session token")
    func token() throws {
        let stage = try ServedStage(
            ["--address", "0.0.0.0"], environment: ["NIGHTSHIFT_STAGE_TOKEN": "correct-horse-battery"])
        try stage.client(
            """
            import boto3, botocore, os, urllib.request
            s3 = boto3.client('s3'); s3.put_object(Bucket='tok', Key='k', Body=b'1')
            assert boto3.client('sts').get_caller_identity()['Account']
            url = s3.generate_presigned_url('get_object', Params={'Bucket': 'tok', 'Key': 'k'})
            assert urllib.request.urlopen(url).read() == b'1'
            base = os.environ['AWS_ENDPOINT_URL']
            def status(path, **headers):
                try: return urllib.request.urlopen(urllib.request.Request(base + path, headers=headers)).status
                except urllib.error.HTTPError as error: return error.code
            assert status('/_nightshift/health') == 200
            assert status('/') == 401 and status('/tok/k') == 401 and status('/', Authorization='Bearer wrong') == 401
            assert status('/', Authorization='Bearer correct-horse-battery') == 200
            assert status('/', Host='evil.example', Authorization='Bearer correct-horse-battery') == 421
            for service, call in [('sagemaker', 'list_training_jobs'), ('sts', 'get_caller_identity')]:
                client = boto3.client(service, aws_access_key_id='x', aws_secret_access_key='y')
                try: getattr(client, call)(); assert False, service
                except botocore.exceptions.ClientError as error:
                    assert error.response['ResponseMetadata']['HTTPStatusCode'] == 401, error.response
            """)
    }

    @Test("With a secret every request has to be signed with it, in headers or in its address")
    func signatures() throws {
        let stage = try ServedStage(environment: ["NIGHTSHIFT_STAGE_SECRET": "a-secret-of-the-stage"])
        try stage.client(
            """
            import boto3, botocore, io, os, urllib.request
            s3 = boto3.client('s3')
            for key in ['k', 'a b/\\u00fc+%&=', '..', 'x//y']: s3.put_object(Bucket='sig', Key=key, Body=key.encode())
            assert len(s3.list_objects_v2(Bucket='sig', Prefix='', Delimiter='/')['Contents']) == 2
            s3.upload_fileobj(io.BytesIO(b'z' * (9 << 20)), 'sig', 'big')
            boto3.client('sts').get_caller_identity(); boto3.client('sagemaker').list_training_jobs()
            boto3.client('iam').get_role(RoleName='r')
            def presigned(version):
                signer = boto3.client('s3', config=botocore.config.Config(signature_version=version))
                return signer.generate_presigned_url('get_object', Params={'Bucket': 'sig', 'Key': 'k'})
            url = presigned('s3v4')
            assert urllib.request.urlopen(url).read() == b'k'
            def code(call, **words):
                try: call(**words)
                except botocore.exceptions.ClientError as error:
                    return error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']
            def client(service, **words):
                one = botocore.config.Config(retries={'total_max_attempts': 1})
                return boto3.client(service, config=one, **words)
            wrong = dict(aws_access_key_id=os.environ['AWS_ACCESS_KEY_ID'], aws_secret_access_key='wrong')
            other = dict(aws_access_key_id='OTHER', aws_secret_access_key='a-secret-of-the-stage')
            where = dict(Bucket='sig', Key='k')
            assert code(client('s3', **wrong).get_object, **where) == ('SignatureDoesNotMatch', 403)
            assert code(client('s3', **other).get_object, **where) == ('InvalidAccessKeyId', 403)
            assert code(client('s3', **wrong).put_object, **where, Body=b'x') == ('SignatureDoesNotMatch', 403)
            assert code(client('sagemaker', **wrong).list_training_jobs) == ('InvalidSignatureException', 403)
            assert code(client('sts', **wrong).get_caller_identity) == ('SignatureDoesNotMatch', 403)
            assert code(client('sts', **other).get_caller_identity) == ('InvalidClientTokenId', 403)
            for address, status in [(url.replace('/sig/k', '/sig/big'), 403), (url.split('?')[0], 403),
                                    (url + '&x=y', 403), (presigned('s3'), 400)]:
                try: urllib.request.urlopen(address); assert False, address
                except urllib.error.HTTPError as error: assert error.code == status, address
            assert s3.get_object(**where)['Body'].read() == b'k'
            """)
    }

    @Test("Whatever the umask, what is stored is its owner's alone")
    func modes() throws {
        let stage = try ServedStage()
        stage.kill()
        try FileManager.default.removeItem(atPath: stage.directory + "/state")
        let script = "umask 0; exec \"$0\" \"$@\""
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script, ServedStage.program, "serve", "--sagemaker"] + stage.place
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        _ = output.fileHandleForReading.availableData
        try stage.client("import boto3; boto3.client('s3').put_object(Bucket='mode', Key='k', Body=b'1')")
        let state = stage.directory + "/state"
        for path in try FileManager.default.subpathsOfDirectory(atPath: state) where !path.hasSuffix("defaults.yaml") {
            let mode = try FileManager.default.attributesOfItem(atPath: state + "/" + path)[.posixPermissions] as? Int
            #expect((mode ?? 0o777) & 0o077 == 0, "\(path) has mode \(String(mode ?? 0, radix: 8))")
        }
    }
}
