# SPDX-License-Identifier: Apache-2.0
# A role for each function: its log, and for one of them the queue. Nothing else.
data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each           = local.available
  name               = "${var.prefix}${each.key}"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = local.available
  name              = "/aws/lambda/${var.prefix}${each.key}"
  retention_in_days = 14
}

data "aws_iam_policy_document" "log" {
  for_each = local.available
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this[each.key].arn}:*"]
  }
}

resource "aws_iam_role_policy" "log" {
  for_each = local.available
  name     = "log"
  role     = aws_iam_role.this[each.key].name
  policy   = data.aws_iam_policy_document.log[each.key].json
}

data "aws_iam_policy_document" "queue" {
  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.words.arn]
  }
}

resource "aws_iam_role_policy" "queue" {
  name   = "queue"
  role   = aws_iam_role.this["words"].name
  policy = data.aws_iam_policy_document.queue.json
}
