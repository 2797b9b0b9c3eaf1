// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Training jobs by boto3 and awscli.
@Suite(.timeLimit(.minutes(3))) struct TrainingJobTests {
    private static let head = """
        import boto3, botocore, copy, datetime, io, json, tarfile, time
        s3, sagemaker, logs = boto3.client('s3'), boto3.client('sagemaker'), boto3.client('logs')
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode='w:gz') as tar:
            script = b'''import os, sys, time
        print("args", sys.argv[1:])
        time.sleep(float(os.environ.get("NAP", "0")))
        open(os.path.join(os.environ["SM_MODEL_DIR"], "m"), "w").write("x")
        '''
            entry = tarfile.TarInfo('train.py')
            entry.size = len(script)
            tar.addfile(entry, io.BytesIO(script))
        s3.put_object(Bucket='code', Key='sourcedir.tar.gz', Body=archive.getvalue())
        base = dict(
            RoleArn='arn:aws:iam::123456789012:role/training',
            AlgorithmSpecification=dict(TrainingImage='pytorch-training:2.3', TrainingInputMode='File'),
            HyperParameters={'sagemaker_program': '"train.py"', 'epochs': '3', 'name': '"rec sys"',
                             'sagemaker_submit_directory': '"s3://code/sourcedir.tar.gz"'},
            OutputDataConfig=dict(S3OutputPath='s3://models/out'),
            ResourceConfig=dict(InstanceType='ml.m5.large', InstanceCount=1, VolumeSizeInGB=30),
            StoppingCondition=dict(MaxRuntimeInSeconds=3600))
        def create(name, **words): return sagemaker.create_training_job(TrainingJobName=name, **{**base, **words})
        def fault(call, *names, **words):
            try: call(*names, **words)
            except botocore.exceptions.ClientError as error:
                return error.response['Error']['Code'], error.response['Error']['Message']
        def wait(name):
            sagemaker.get_waiter('training_job_completed_or_stopped').wait(
                TrainingJobName=name, WaiterConfig=dict(Delay=1, MaxAttempts=60))
            return sagemaker.describe_training_job(TrainingJobName=name)

        """

    @Test("boto3 creates, waits, describes, reads the log and fetches the model")
    func lifecycle() throws {
        try ServedStage().client(
            Self.head + """
                arn = create('first', Tags=[dict(Key='night', Value='7')])['TrainingJobArn']
                assert arn == 'arn:aws:sagemaker:us-east-1:000000000000:training-job/first', arn
                job = wait('first')
                assert job['TrainingJobStatus'] == 'Completed', job
                assert job['ModelArtifacts']['S3ModelArtifacts'] == 's3://models/out/first/output/model.tar.gz', job
                assert job['TrainingTimeInSeconds'] >= 1 and job['HyperParameters']['epochs'] == '3', job
                body = s3.get_object(Bucket='models', Key='out/first/output/model.tar.gz')['Body'].read()
                assert tarfile.open(fileobj=io.BytesIO(body)).getnames() == ['m']
                [stream] = logs.describe_log_streams(
                    logGroupName='/aws/sagemaker/TrainingJobs', logStreamNamePrefix='first/')['logStreams']
                got = logs.get_log_events(logGroupName='/aws/sagemaker/TrainingJobs', startFromHead=True,
                                          logStreamName=stream['logStreamName'])
                assert "args ['--epochs', '3', '--name', 'rec sys']" in [e['message'] for e in got['events']], got
                code, text = fault(create, 'first')
                assert code == 'ResourceInUse' and text == (
                    'Training job names must be unique within an AWS account and region, and a training job with this '
                    f'name already exists ({arn})'), text
                assert fault(sagemaker.stop_training_job, TrainingJobName='first') == (
                    'ValidationException',
                    'The request was rejected because the training job is in status Completed')
                unknown = ('ValidationException', 'Requested resource not found.')
                assert fault(sagemaker.describe_training_job, TrainingJobName='none') == unknown
                assert fault(sagemaker.stop_training_job, TrainingJobName='none') == unknown
                assert sagemaker.list_tags(ResourceArn=arn)['Tags'] == [dict(Key='night', Value='7')]
                all = sagemaker.add_tags(ResourceArn=arn, Tags=[dict(Key='owner', Value='me')])['Tags']
                assert [tag['Key'] for tag in all] == ['night', 'owner'], all
                sagemaker.delete_tags(ResourceArn=arn, TagKeys=['night'])
                assert sagemaker.list_tags(ResourceArn=arn)['Tags'] == [dict(Key='owner', Value='me')]
                hits = sagemaker.search(Resource='TrainingJob', SearchExpression=dict(Filters=[
                    dict(Name='Tags.owner', Operator='Equals', Value='me'),
                    dict(Name='TrainingJobStatus', Operator='Equals', Value='Completed')]))['Results']
                assert [hit['TrainingJob']['TrainingJobName'] for hit in hits] == ['first'], hits
                create('stopped', Environment={'NAP': '600'})
                time.sleep(1)
                sagemaker.stop_training_job(TrainingJobName='stopped')
                assert wait('stopped')['TrainingJobStatus'] == 'Stopped'
                """)
    }

    @Test("Lists come in pages, by name, status and time, in the order that was asked for")
    func lists() throws {
        try ServedStage().client(
            Self.head + """
                for number in range(7): create(f'job-{number}')
                create('other', HyperParameters={})
                for number in range(7): wait(f'job-{number}')
                try: wait('other')
                except botocore.exceptions.WaiterError: pass
                def names(**words):
                    pages = sagemaker.get_paginator('list_training_jobs').paginate(**words)
                    return [job['TrainingJobName'] for page in pages for job in page['TrainingJobSummaries']]
                all = [f'job-{number}' for number in range(7)]
                assert names(NameContains='job', SortBy='Name', SortOrder='Ascending', MaxResults=2) == all
                assert names(NameContains='job', SortBy='CreationTime', SortOrder='Descending') == all[::-1]
                assert names()[0] == 'other'
                assert names(StatusEquals='Failed') == ['other']
                assert sorted(names(StatusEquals='Completed', MaxResults=3)) == all
                hour = datetime.timedelta(hours=1)
                now = datetime.datetime.now(datetime.timezone.utc)
                assert names(NameContains='job', CreationTimeAfter=now - hour, CreationTimeBefore=now + hour,
                             SortBy='Name', SortOrder='Ascending') == all
                assert names(CreationTimeBefore=now - hour) == names(CreationTimeAfter=now + hour) == []
                assert names(LastModifiedTimeBefore=now - hour) == names(LastModifiedTimeAfter=now + hour) == []
                page = sagemaker.list_training_jobs(MaxResults=3)
                assert len(page['TrainingJobSummaries']) == 3 and page['NextToken'], page
                assert fault(sagemaker.list_training_jobs, NextToken='nonsense')[0] == 'ValidationException'
                assert fault(sagemaker.list_training_jobs, StatusEquals='Done')[0] == 'ValidationException'
                """)
    }

    @Test("What AWS refuses is refused with AWS's code, and nothing is created")
    func refusals() throws {
        try ServedStage().client(
            Self.head + """
                def change(**words): return {**copy.deepcopy(base), **words}
                spot = dict(EnableManagedSpotTraining=True)
                source = dict(S3DataSource=dict(S3DataType='S3Prefix', S3Uri='s3://b/x'))
                cases = [
                    ('under_score', change(), "Value 'under_score' at 'trainingJobName'"),
                    ('a' * 64, change(), "Member must have length less than or equal to 63"),
                    ('a', change(RoleArn='arn:aws:iam::1:role/abcdefgh'), "at 'roleArn' failed"),
                    ('a', change(ResourceConfig=dict(InstanceType='ml.t2.medium', InstanceCount=1, VolumeSizeInGB=1)),
                     "Value 'ml.t2.medium' at 'resourceConfig.instanceType' failed to satisfy constraint: Member must "
                     "satisfy enum value set: ["),
                    ('a', change(OutputDataConfig=dict(S3OutputPath='models')), "at 'outputDataConfig.s3OutputPath'"),
                    ('a', change(HyperParameters={'x': 'y' * 2501}), "Map value must satisfy constraint: [Member must "
                     "have length less than or equal to 2500"),
                    ('a', change(Environment={'1': ''}), "Map keys must satisfy constraint"),
                    ('a', change(InputDataConfig=[dict(ChannelName='a b', DataSource=source)]),
                     "at 'inputDataConfig.1.member.channelName'"),
                    ('a', change(RetryStrategy=dict(MaximumRetryAttempts=31)),
                     "Member must have value less than or equal to 30"),
                    ('a', change(StoppingCondition=dict(MaxRuntimeInSeconds=1, MaxWaitTimeInSeconds=2)),
                     'Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true'),
                    ('a', change(**spot), 'Invalid MaxWaitTimeInSeconds'),
                    ('a', change(**spot, StoppingCondition=dict(MaxRuntimeInSeconds=9, MaxWaitTimeInSeconds=8)),
                     'Invalid MaxWaitTimeInSeconds'),
                ]
                for name, words, text in cases:
                    code, message = fault(sagemaker.create_training_job, TrainingJobName=name, **words)
                    assert code == 'ValidationException' and text in message, (code, message)
                two = change(ResourceConfig=dict(InstanceType='ml.m5.large', InstanceCount=2, VolumeSizeInGB=1))
                code, message = fault(sagemaker.create_training_job, TrainingJobName='a', **two)
                assert code == 'ResourceLimitExceeded' and message.startswith(
                    "The account-level service limit 'ml.m5.large for training job usage' is 1 Instances"), message
                assert sagemaker.list_training_jobs()['TrainingJobSummaries'] == []
                """)
    }

    @Test("aws creates, waits, lists and stops")
    func awscli() throws {
        guard let aws = try ServedStage.program("aws") else { return }
        let stage = try ServedStage()
        let source = stage.directory + "/train.py"
        try Data("import time\nprint('up', flush=True)\ntime.sleep(600)\n".utf8).write(to: URL(filePath: source))
        try Tools.run("tar", ["-czf", stage.directory + "/s.tar.gz", "-C", stage.directory, "train.py"])
        func run(_ words: String...) throws -> ServedStage.Ran { try stage.inEnvironment([aws] + words) }
        #expect(try run("s3", "cp", stage.directory + "/s.tar.gz", "s3://code/s.tar.gz").status == 0)
        let request = """
            {"TrainingJobName": "by-hand", "RoleArn": "\(StageBench.role)", "HyperParameters": {
              "sagemaker_program": "train.py", "sagemaker_submit_directory": "s3://code/s.tar.gz"},
             "AlgorithmSpecification": {"TrainingImage": "x", "TrainingInputMode": "File"},
             "OutputDataConfig": {"S3OutputPath": "s3://models/"}, "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
             "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}}
            """
        let made = try run("sagemaker", "create-training-job", "--cli-input-json", request)
        #expect(made.status == 0, "\(made.errors)")
        let twice = try run("sagemaker", "create-training-job", "--cli-input-json", request)
        #expect(twice.status != 0 && twice.errors.contains("(ResourceInUse)"))
        #expect(try run("sagemaker", "stop-training-job", "--training-job-name", "by-hand").status == 0)
        // The waiter looks once and then every two minutes: it is asked when there is nothing to wait for.
        let patience = ContinuousClock.now + .seconds(60)
        while try !run("sagemaker", "describe-training-job", "--training-job-name", "by-hand").output.contains(
            "\"TrainingJobStatus\": \"Stopped\""), ContinuousClock.now < patience
        {}
        let waited = try run(
            "sagemaker", "wait", "training-job-completed-or-stopped", "--training-job-name", "by-hand")
        #expect(waited.status == 0, "\(waited.errors)")
        let listed = try run(
            "sagemaker", "list-training-jobs", "--query", "TrainingJobSummaries[].TrainingJobName", "--output", "text")
        #expect(listed.output == "by-hand\n")
    }
}
