# SPDX-License-Identifier: Apache-2.0
"""What a test asks a stage of, with nothing but Python's own library: none of our client's code has a part in it.

    stage.py URL jobs                  every job with its tags, as JSON, oldest first
    stage.py URL log JOB               the lines of a job's log
    stage.py URL put BUCKET/KEY FILE   an object
    stage.py URL get BUCKET/KEY        an object's bytes
"""

import json
import sys
import urllib.request

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
URL = sys.argv[1]


def call(target, **members):
    request = urllib.request.Request(
        URL, json.dumps(members).encode(), {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
    )
    return json.loads(OPENER.open(request, timeout=60).read() or b"null")


def jobs():
    found, token = [], {}
    while True:
        page = call("SageMaker.ListTrainingJobs", SortBy="CreationTime", SortOrder="Ascending", **token)
        found += [job["TrainingJobName"] for job in page["TrainingJobSummaries"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    described = [call("SageMaker.DescribeTrainingJob", TrainingJobName=name) for name in found]
    print(json.dumps(described))


def log(job):
    group = "/aws/sagemaker/TrainingJobs"
    streams = call("Logs_20140328.DescribeLogStreams", logGroupName=group, logStreamNamePrefix=job + "/")
    for stream in streams["logStreams"]:
        token = {}
        while True:
            page = call(
                "Logs_20140328.GetLogEvents", logGroupName=group, logStreamName=stream["logStreamName"],
                startFromHead=True, **token
            )
            for event in page["events"]:
                print(event["message"])
            if token.get("nextToken") == page["nextForwardToken"]:
                break
            token = {"nextToken": page["nextForwardToken"]}


def put(key, file):
    with open(file, "rb") as body:
        OPENER.open(urllib.request.Request(URL + "/" + key, body.read(), method="PUT"), timeout=60).read()


def get(key):
    sys.stdout.buffer.write(OPENER.open(URL + "/" + key, timeout=60).read())


{"jobs": jobs, "log": log, "put": put, "get": get}[sys.argv[2]](*sys.argv[3:])
