// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// boto3 against the stage, over plain HTTP.
@Suite(.timeLimit(.minutes(3))) struct Boto3Tests {
    private static let head = """
        import boto3, botocore, io, os, urllib.request
        from boto3.s3.transfer import TransferConfig
        s3 = boto3.client('s3')
        def code(call, **words):
            try: call(**words)
            except botocore.exceptions.ClientError as error:
                return error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']

        """

    @Test("An object comes back with its bytes, its fields and its entity tag; its bucket is made by the first put")
    func objects() throws {
        try ServedStage().client(
            Self.head + """
                s3.put_object(Bucket='made', Key='k', Body=b'hello', Metadata={'a': 'b'}, ContentType='text/plain',
                              CacheControl='no-cache')
                got = s3.get_object(Bucket='made', Key='k')
                assert got['Body'].read() == b'hello' and got['ContentType'] == 'text/plain', got
                assert got['Metadata'] == {'a': 'b'} and got['CacheControl'] == 'no-cache', got
                assert got['ETag'] == '"5d41402abc4b2a76b9719d911017c592"' and got['ContentLength'] == 5, got
                assert s3.get_object(Bucket='made', Key='k', Range='bytes=1-2')['Body'].read() == b'el'
                assert s3.get_object(Bucket='made', Key='k', Range='bytes=-2')['Body'].read() == b'lo'
                assert code(s3.get_object, Bucket='made', Key='k', Range='bytes=9-') == ('InvalidRange', 416)
                head = s3.head_object(Bucket='made', Key='k')
                assert head['ContentLength'] == 5 and head['ETag'] == got['ETag'], head
                [bucket] = s3.list_buckets()['Buckets']
                assert bucket['Name'] == 'made' and bucket['CreationDate'], bucket
                s3.put_object(Bucket='made', Key='empty', Body=b'')
                assert s3.get_object(Bucket='made', Key='empty')['Body'].read() == b''
                """)
    }

    @Test("Whatever a client calls an object, it is that object and no file of ours; lists are in byte order")
    func keys() throws {
        try ServedStage().client(
            Self.head + #"""
                keys = ['..', '../x', '../../../../../../tmp/x', '/', '//', '/etc/passwd', 'a//b', 'a/../b', '\x01x',
                        'e\u0301', '\u00e9', '\u0301q', '\U0001F642' * 200, 'x' * 1024, 'a?b', 'a#b', 'a&b<c>"d', '%2F',
                        '+', ' ', 'a\r\nb', '\x00nul', 'a%b', '.', '~']
                for key in keys: s3.put_object(Bucket='keys', Key=key, Body=key.encode())
                for key in keys: assert s3.get_object(Bucket='keys', Key=key)['Body'].read() == key.encode(), key
                wanted = sorted(keys, key=lambda key: key.encode())
                for operation in ['list_objects', 'list_objects_v2']:
                    for size in [1, 3, 1000]:
                        pages = s3.get_paginator(operation).paginate(Bucket='keys', PaginationConfig={'PageSize': size})
                        assert [o['Key'] for page in pages for o in page['Contents']] == wanted, (operation, size)
                assert code(s3.put_object, Bucket='keys', Key='x' * 1025, Body=b'') == ('KeyTooLongError', 400)
                # XML has no words for control characters, neither here nor at AWS.
                plain = [key for key in keys if key[0] >= ' ']
                gone = s3.delete_objects(Bucket='keys', Delete={'Objects': [{'Key': key} for key in plain]})
                assert sorted(o['Key'].replace('\r\n', '') for o in gone['Deleted']) == sorted(
                    key.replace('\r\n', '') for key in plain), gone
                for key in keys: s3.delete_object(Bucket='keys', Key=key)
                assert s3.list_objects_v2(Bucket='keys')['KeyCount'] == 0
                """#)
    }

    @Test("A delimiter folds keys into common prefixes, however small the pages")
    func listing() throws {
        try ServedStage().client(
            Self.head + """
                for key in ['d/1', 'd/2', 'd/e/3', 'f', 'g/h/i', 'g/j']: s3.put_object(Bucket='tree', Key=key, Body=b'1')
                for operation in ['list_objects', 'list_objects_v2']:
                    for size in [1, 2, 3, 100]:
                        found, common = [], []
                        for page in s3.get_paginator(operation).paginate(
                                Bucket='tree', Delimiter='/', PaginationConfig={'PageSize': size}):
                            found += [o['Key'] for o in page.get('Contents', [])]
                            common += [p['Prefix'] for p in page.get('CommonPrefixes', [])]
                        assert (found, common) == (['f'], ['d/', 'g/']), (operation, size, found, common)
                page = s3.list_objects_v2(Bucket='tree', Delimiter='/', Prefix='d/')
                assert [o['Key'] for o in page['Contents']] == ['d/1', 'd/2'], page
                assert page['CommonPrefixes'] == [{'Prefix': 'd/e/'}], page
                after = s3.list_objects_v2(Bucket='tree', StartAfter='d/e/3')
                assert [o['Key'] for o in after['Contents']] == ['f', 'g/h/i', 'g/j'], after
                assert s3.list_objects_v2(Bucket='tree', MaxKeys=0)['KeyCount'] == 0
                """)
    }

    @Test("Conditions decide whether an object is written, read or deleted")
    func conditions() throws {
        try ServedStage().client(
            Self.head + """
                k = dict(Bucket='cond', Key='k')
                tag = s3.put_object(**k, Body=b'1', IfNoneMatch='*')['ETag']
                assert code(s3.put_object, **k, Body=b'2', IfNoneMatch='*') == ('PreconditionFailed', 412)
                assert code(s3.put_object, **k, Body=b'2', IfMatch='"other"') == ('PreconditionFailed', 412)
                assert code(s3.put_object, Bucket='cond', Key='none', Body=b'2', IfMatch=tag) == ('NoSuchKey', 404)
                assert code(s3.get_object, **k, IfNoneMatch=tag) == ('304', 304)
                assert code(s3.get_object, **k, IfMatch='"other"') == ('PreconditionFailed', 412)
                assert code(s3.delete_object, **k, IfMatch='"other"') == ('PreconditionFailed', 412)
                assert s3.get_object(**k, IfMatch=tag)['Body'].read() == b'1'
                s3.put_object(**k, Body=b'2', IfMatch=tag)
                now = s3.head_object(**k)
                assert code(s3.get_object, **k, IfModifiedSince=now['LastModified']) == ('304', 304)
                assert s3.get_object(**k, IfUnmodifiedSince=now['LastModified'])['Body'].read() == b'2'
                """)
    }

    @Test("Parts come in parallel and in any order; the whole is what they are, and a wrong completion changes nothing")
    func multipart() throws {
        try ServedStage().client(
            Self.head + """
                big = os.urandom(20 << 20)
                config = TransferConfig(multipart_threshold=8 << 20, multipart_chunksize=5 << 20)
                s3.upload_fileobj(io.BytesIO(big), 'big', 'm', Config=config)
                assert s3.get_object(Bucket='big', Key='m')['Body'].read() == big
                back = io.BytesIO(); s3.download_fileobj('big', 'm', back, Config=config)
                assert back.getvalue() == big
                head = s3.head_object(Bucket='big', Key='m')
                assert head['ETag'].endswith('-4"') and head['ContentLength'] == len(big), head
                s3.copy_object(Bucket='big', Key='c', CopySource={'Bucket': 'big', 'Key': 'm'})
                s3.copy({'Bucket': 'big', 'Key': 'm'}, 'big', 'c2', Config=config)
                for key in ['c', 'c2']: assert s3.get_object(Bucket='big', Key=key)['Body'].read() == big, key

                k = dict(Bucket='big', Key='p')
                k['UploadId'] = s3.create_multipart_upload(**k)['UploadId']
                two = s3.upload_part(**k, PartNumber=2, Body=b'end')
                one = s3.upload_part(**k, PartNumber=1, Body=big[:5 << 20])
                three = s3.upload_part(**k, PartNumber=3, Body=b'more')
                assert [p['PartNumber'] for p in s3.list_parts(**k)['Parts']] == [1, 2, 3]
                assert [u['Key'] for u in s3.list_multipart_uploads(Bucket='big')['Uploads']] == ['p']
                def complete(*parts, **words):
                    named = [{'PartNumber': n, 'ETag': part['ETag']} for n, part in parts]
                    return s3.complete_multipart_upload(**k, MultipartUpload={'Parts': named}, **words)
                assert code(lambda: complete((2, two), (1, one))) == ('InvalidPartOrder', 400)
                assert code(lambda: complete((1, two))) == ('InvalidPart', 400)
                assert code(lambda: complete((1, one), (2, two), (3, three))) == ('EntityTooSmall', 400)
                s3.put_object(Bucket='big', Key='p', Body=b'there')
                assert code(lambda: complete((1, one), (2, two), IfNoneMatch='*')) == ('PreconditionFailed', 412)
                assert s3.get_object(Bucket='big', Key='p')['Body'].read() == b'there'
                complete((1, one), (2, two))
                assert s3.get_object(Bucket='big', Key='p')['Body'].read() == big[:5 << 20] + b'end'
                assert code(lambda: complete((1, one))) == ('NoSuchUpload', 404)
                k['UploadId'] = s3.create_multipart_upload(Bucket='big', Key='p')['UploadId']
                s3.upload_part(**k, PartNumber=1, Body=b'x')
                s3.abort_multipart_upload(**k)
                assert not s3.list_multipart_uploads(Bucket='big').get('Uploads')
                """)
    }

    @Test("A checksum that is wrong stores nothing; one that is right is given back")
    func checksums() throws {
        try ServedStage().client(
            Self.head + """
                s3 = boto3.client('s3', config=botocore.config.Config(retries={'total_max_attempts': 1}))
                for name, value in [('CRC32', 'y/Q5Jg=='), ('CRC32C', '4waSgw=='), ('CRC64NVME', 'rosUhgp5mIg='),
                                    ('SHA1', '98O8HYCOBHMq32eZZczDTKeuNEE='),
                                    ('SHA256', 'FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=')]:
                    member = 'Checksum' + name
                    s3.put_object(Bucket='sums', Key=name, Body=b'123456789', **{member: value})
                    assert s3.head_object(Bucket='sums', Key=name, ChecksumMode='ENABLED')[member] == value, name
                    assert code(s3.put_object, Bucket='sums', Key='bad', Body=b'12345678', **{member: value}) \\
                        == ('BadDigest', 400), name
                assert code(s3.head_object, Bucket='sums', Key='bad') == ('404', 404)
                """)
    }

    @Test("A presigned address reads and writes without a client of S3's")
    func presigned() throws {
        try ServedStage().client(
            Self.head + """
                where = dict(Bucket='pre', Key='a b/\\u00fc')
                put = s3.generate_presigned_url('put_object', Params=where)
                urllib.request.urlopen(urllib.request.Request(put, method='PUT', data=b'xyz'))
                get = s3.generate_presigned_url('get_object', Params=where)
                assert urllib.request.urlopen(get).read() == b'xyz'
                """)
    }

    @Test("Buckets are made, found and removed as S3 does; what is not there or not known is said in its words")
    func buckets() throws {
        try ServedStage().client(
            Self.head + """
                assert code(s3.head_bucket, Bucket='nope') == ('404', 404)
                assert code(s3.list_objects_v2, Bucket='nope') == ('NoSuchBucket', 404)
                assert code(s3.get_object, Bucket='nope', Key='k') == ('NoSuchBucket', 404)
                where = {'LocationConstraint': 'eu-west-1'}
                s3.create_bucket(Bucket='made', CreateBucketConfiguration=where)
                s3.head_bucket(Bucket='made', ExpectedBucketOwner='000000000000')
                s3.get_bucket_location(Bucket='made')
                assert code(s3.get_object, Bucket='made', Key='k') == ('NoSuchKey', 404)
                s3.delete_object(Bucket='made', Key='k')
                s3.put_object(Bucket='made', Key='k', Body=b'1')
                assert code(s3.delete_bucket, Bucket='made') == ('BucketNotEmpty', 409)
                s3.delete_object(Bucket='made', Key='k')
                s3.delete_bucket(Bucket='made')
                assert code(s3.create_bucket, Bucket='Bad_Name') == ('InvalidBucketName', 400)
                assert code(s3.get_bucket_acl, Bucket='nope') == ('NotImplemented', 501)
                """)
    }

    @Test("STS and IAM answer what the SageMaker SDK asks; unknown operations have their own names")
    func identity() throws {
        try ServedStage().client(
            Self.head + """
                assert boto3.client('sts').get_caller_identity()['Account'] == '000000000000'
                iam = boto3.client('iam')
                assert iam.get_role(RoleName='train')['Role']['Arn'] == 'arn:aws:iam::000000000000:role/train'
                assert code(iam.simulate_principal_policy, PolicySourceArn='arn:aws:iam::000000000000:role/train',
                            ActionNames=['s3:GetObject']) == ('AccessDenied', 403)
                assert code(iam.list_users) == ('InvalidAction', 400)
                assert code(boto3.client('service-quotas').list_services) == ('UnknownOperationException', 400)
                """)
    }
}
