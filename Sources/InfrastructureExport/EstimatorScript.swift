// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// The same job as a script of the SageMaker Python SDK (v2), managed Spot alone.
package struct EstimatorScript {
    let stack: TrainingStack

    package init(_ stack: TrainingStack) { self.stack = stack }

    package var text: String {
        let job = stack.job
        let deadline = job.schedule.deadlineMinutes
        let inputs = stack.channels.map { "    \(quoted($0.name)): \(quoted($0.uri))," }
        let metrics = job.metricDefinitions.map {
            "        {\"Name\": \(quoted($0.name)), \"Regex\": \(quoted($0.regex))},"
        }
        let environment = job.environment.sorted { $0.key < $1.key }.map {
            "        \(quoted($0.key)): \(quoted($0.value)),"
        }
        let parameters = job.hyperparameters.map { "        \(quoted($0.name)): json.loads(\(quoted($0.json)))," }
        return """
            # \(stack.provenance)
            #
            # Managed Spot alone: nothing falls back to on-demand here. When Spot does not come in time the job ends as
            # Stopped, which fit() takes for a success; so it is asked for below. Run it beside the source.
            import datetime
            import json
            import zoneinfo

            from sagemaker.estimator import Estimator

            # The next \(job.schedule.timeZone) deadline, and what is left until it without the margin.
            zone = zoneinfo.ZoneInfo(\(quoted(job.schedule.timeZone)))
            now = datetime.datetime.now(zone)
            deadline = now.replace(hour=\(deadline / 60), minute=\(deadline % 60), second=0, microsecond=0)
            if deadline <= now:
                deadline = (deadline.replace(tzinfo=None) + datetime.timedelta(days=1)).replace(tzinfo=zone)
            max_wait = int(deadline.timestamp() - now.timestamp()) - \(job.safetyMargin.wholeSeconds)
            if max_wait < \(stack.work + stack.restart + job.uploadTime.wholeSeconds):
                raise SystemExit(f"the deadline {deadline} is too near: nothing was bought")

            estimator = Estimator(
                image_uri=\(quoted(stack.trainingImage)),
                role=\(quoted(stack.role.arn)),
                entry_point=\(quoted(job.entryPoint)),
                source_dir=".",
                instance_count=1,
                instance_type=\(quoted(stack.instanceType)),
                volume_size=\(stack.volumeGigabytes),
                use_spot_instances=True,
                max_run=min(\(job.maxRun.wholeSeconds), max_wait),
                max_wait=max_wait,
                checkpoint_s3_uri=\(quoted(stack.checkpointUri + "/" + job.name + "-")) + str(deadline.date()),
                checkpoint_local_path=\(quoted(job.checkpoint.localPath)),
                output_path=\(quoted(stack.outputUri)),
                base_job_name=\(quoted(job.name)),
                hyperparameters={
            \(lines(parameters))    },
                metric_definitions=[
            \(lines(metrics))    ],
                environment={
                    "SM_CHECKPOINT_DIR": \(quoted(job.checkpoint.localPath)),
            \(lines(environment))    },
            )
            estimator.fit({
            \(lines(inputs))})

            status = estimator.latest_training_job.describe()
            if status["TrainingJobStatus"] != "Completed":
                raise SystemExit(f"no model: {status['TrainingJobStatus']}, {status['SecondaryStatus']}")
            print(estimator.model_data)

            """
    }

    private func quoted(_ text: String) -> String { ExportedJSON.quoted(text) }
    private func lines(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}
