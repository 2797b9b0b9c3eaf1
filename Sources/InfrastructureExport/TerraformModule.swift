// SPDX-License-Identifier: Apache-2.0

import TrainingJobs

/// All of it as one Terraform file.
package struct TerraformModule {
    let stack: TrainingStack

    package init(_ stack: TrainingStack) { self.stack = stack }

    package var text: String {
        ([head] + StackPolicies(stack).roles.map(role) + [machines, schedule, noNight]).joined(separator: "\n")
    }

    private var head: String {
        """
        \(stack.notes.map { "# \($0)" }.joined(separator: "\n"))

        terraform {
          required_providers {
            aws = {
              source  = "hashicorp/aws"
              version = ">= 5.0"
            }
          }
        }

        provider "aws" {
          region = \(Self.quoted(stack.region))
        }

        variable "alarm_email" {
          description = "Where alarms are mailed to; empty for nowhere"
          type        = string
          default     = ""
        }

        resource "aws_sns_topic" "alarms" {
          name = \(Self.quoted(stack.topicName))
        }

        resource "aws_sns_topic_subscription" "email" {
          count     = var.alarm_email == "" ? 0 : 1
          topic_arn = aws_sns_topic.alarms.arn
          protocol  = "email"
          endpoint  = var.alarm_email
        }

        """
    }

    private func role(_ role: StackPolicies.Role) -> String {
        let name = Self.name(role)
        return """
            resource "aws_iam_role" "\(name)" {
              name               = \(Self.quoted(role.name))
              assume_role_policy = \(Self.document(role.trust))
            }

            resource "aws_iam_role_policy" "\(name)" {
              name   = "nightshift"
              role   = aws_iam_role.\(name).id
              policy = \(Self.document(role.policy))
            }

            """
    }

    private var machines: String {
        [
            ("night", stack.nightMachineName, NightMachine(stack).definition),
            ("open", stack.openMachineName, OpenMachine(stack).definition),
        ].map { name, machine, definition in
            """
            resource "aws_sfn_state_machine" "\(name)" {
              name       = \(Self.quoted(machine))
              role_arn   = aws_iam_role.\(name).arn
              definition = \(Self.document(definition))
            }

            """
        }.joined(separator: "\n")
    }

    private var schedule: String {
        """
        resource "aws_scheduler_schedule" "night" {
          name                         = \(Self.quoted(stack.scheduleName))
          schedule_expression          = \(Self.quoted(stack.scheduleExpression))
          schedule_expression_timezone = \(Self.quoted(stack.job.schedule.timeZone))

          flexible_time_window {
            mode = "OFF"
          }

          target {
            arn      = aws_sfn_state_machine.open.arn
            role_arn = aws_iam_role.schedule.arn
            input    = \(Self.quoted(TrainingStack.scheduleInput))

            # The default would start a night up to a day after its deadline.
            retry_policy {
              maximum_event_age_in_seconds = \(stack.retryAge)
              maximum_retry_attempts       = 10
            }
          }
        }

        """
    }

    private var noNight: String {
        """
        # A day without a night that succeeded is one whatever the cause, Scheduler's included.
        resource "aws_cloudwatch_metric_alarm" "no_night" {
          alarm_name          = \(Self.quoted("nightshift-\(stack.job.name)-no-night"))
          alarm_description   = \(Self.quoted("No night of \(stack.job.name) succeeded within a day"))
          namespace           = "AWS/States"
          metric_name         = "ExecutionsSucceeded"
          dimensions          = { StateMachineArn = aws_sfn_state_machine.night.arn }
          statistic           = "Sum"
          period              = 86400
          evaluation_periods  = 1
          comparison_operator = "LessThanThreshold"
          threshold           = 1
          treat_missing_data  = "breaching"
          alarm_actions       = [aws_sns_topic.alarms.arn]
        }

        """
    }

    // MARK: - HCL

    private static func name(_ role: StackPolicies.Role) -> String { role.id.replacing("Role", with: "").lowercased() }

    /// Terraform fills in `${` and `%{`; doubled, they are themselves.
    private static func literal(_ text: String) -> String {
        text.replacing("${", with: "$${").replacing("%{", with: "%%{")
    }

    private static func quoted(_ text: String) -> String { literal(ExportedJSON.quoted(text)) }

    /// A heredoc, to be read as it is. No line of pretty JSON is the closing word.
    private static func document(_ json: ExportedJSON) -> String { "<<JSON\n\(literal(json.pretty))JSON" }
}
