# SPDX-License-Identifier: Apache-2.0
# A function of each kind. The layers are made of the zips that scripts/build-layer writes to dist/; where it has none of
# git or jq, the functions that need them are left out.
terraform {
  required_version = ">= 1.9"
  required_providers {
    aws     = { source = "hashicorp/aws", version = "~> 6.29" } # invoked_via_function_url
    archive = { source = "hashicorp/archive", version = "~> 2.4" }
  }
}

locals {
  layers = {
    bootstrap = "shellstrap-[0-9]*-${var.architecture}.zip"
    git       = "shellstrap-tool-git-${var.architecture}.zip"
    jq        = "shellstrap-tool-jq-${var.architecture}.zip"
  }
  # The only zip of each name: one() refuses a folder with several versions.
  found = { for name, pattern in local.layers : name => one(fileset(var.dist, pattern)) }
  zips  = { for name, zip in local.found : name => zip if zip != null }

  functions = {
    # An executable: the event is its standard input, the answer its standard output.
    hello = { folder = "", handler = "hello.sh" }

    # A shell function: FILE.FUNCTION. The file is sourced once, each call is a fork of that shell.
    greet = { folder = "", handler = "function.greet", environment = { GREETING = "Welcome" } }

    # A script around a command-line tool that the image does not have.
    git-refs = { folder = "", handler = "git-refs.sh", timeout = 60, tool = "git" }

    # No script: shellstrap.json in the package says which tool, and what of the event becomes which argument.
    # The service wants a handler all the same.
    search = { folder = "search", handler = "none" }

    # The same with a variable, and a tool from a layer of its own. {/key} is one argument, whatever is in it.
    pick = {
      folder = "", handler = "none", tool = "jq"
      environment = {
        SHELLSTRAP_COMMAND = jsonencode(["jq", "--compact-output", "--arg", "key", "{/key}", ".items[] | .[$key]"])
      }
    }

    # A CGI program, streamed: a page that shows how far a long task is while it runs. Its shellstrap.json says CGI.
    progress = {
      folder = "cgi", handler = "progress.sh", timeout = 60
      environment = {
        SHELLSTRAP_INVOKE_MODE  = "stream" # both sides have to agree: this is ours, the URL has the other
        SHELLSTRAP_ERROR_STDERR = "off"    # what a program says on standard error is not for strangers
      }
    }

    # Messages of a queue, one by one: shellstrap.json of the package says `"batch": "sqs"`.
    words = { folder = "batch", handler = "words.sh" }
  }
  # What each function needs, the bootstrap first; functions without their tool are left out.
  needs     = { for name, fn in local.functions : name => compact(["bootstrap", lookup(fn, "tool", "")]) }
  available = { for name, fn in local.functions : name => fn if length(setsubtract(local.needs[name], keys(local.zips))) == 0 }
}

resource "aws_lambda_layer_version" "this" {
  for_each                 = local.zips
  layer_name               = "${var.prefix}${each.key}"
  description              = "shellstrap ${trimsuffix(trimprefix(each.value, "shellstrap-"), "-${var.architecture}.zip")}, ${var.architecture}"
  filename                 = "${var.dist}/${each.value}"
  source_code_hash         = filebase64sha256("${var.dist}/${each.value}")
  compatible_runtimes      = ["provided.al2023"]
  compatible_architectures = [var.architecture]

  # An older version stays, for whoever else uses it.
  skip_destroy = true
}

data "archive_file" "code" {
  for_each    = toset(["", "search", "cgi", "batch"])
  type        = "zip"
  source_dir  = "${path.module}/../../handlers/${each.key}"
  output_path = "${path.module}/.terraform/code-${each.key}.zip"
}

resource "aws_lambda_function" "this" {
  for_each         = local.available
  function_name    = "${var.prefix}${each.key}"
  role             = aws_iam_role.this[each.key].arn
  runtime          = "provided.al2023"
  architectures    = [var.architecture]
  handler          = each.value.handler
  filename         = data.archive_file.code[each.value.folder].output_path
  source_code_hash = data.archive_file.code[each.value.folder].output_base64sha256
  memory_size      = 256
  timeout          = lookup(each.value, "timeout", 10)
  layers           = [for layer in local.needs[each.key] : aws_lambda_layer_version.this[layer].arn]

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.this[each.key].name
  }

  dynamic "environment" {
    for_each = [for key, value in each.value : value if key == "environment"]
    content {
      variables = environment.value
    }
  }
}

resource "aws_lambda_function_url" "progress" {
  function_name      = aws_lambda_function.this["progress"].function_name
  authorization_type = "AWS_IAM" # NONE lets anybody call it; the provider adds both permissions then
  invoke_mode        = "RESPONSE_STREAM"
}

data "aws_caller_identity" "this" {}

# Who may call it. The service wants both permissions of a caller; the second one is for calls that come through the URL and
# no others. This account's users and roles need a policy of their own besides (docs/deploy.md, "caller"), or stand here
# themselves, by their ARNs.
resource "aws_lambda_permission" "progress_url" {
  function_name          = aws_lambda_function.this["progress"].function_name
  principal              = data.aws_caller_identity.this.account_id
  action                 = "lambda:InvokeFunctionUrl"
  function_url_auth_type = aws_lambda_function_url.progress.authorization_type
}

resource "aws_lambda_permission" "progress_through_url" {
  function_name            = aws_lambda_function.this["progress"].function_name
  principal                = data.aws_caller_identity.this.account_id
  action                   = "lambda:InvokeFunction"
  invoked_via_function_url = true
}

resource "aws_sqs_queue" "given_up" {
  name                      = "${var.prefix}given-up"
  message_retention_seconds = 1209600 # two weeks to look at what nobody could work on
}

resource "aws_sqs_queue" "words" {
  name                       = "${var.prefix}words"
  visibility_timeout_seconds = 60 # six times the function's timeout, as AWS advises
  redrive_policy             = jsonencode({ deadLetterTargetArn = aws_sqs_queue.given_up.arn, maxReceiveCount = 3 })
}

resource "aws_lambda_event_source_mapping" "words" {
  event_source_arn = aws_sqs_queue.words.arn
  function_name    = aws_lambda_function.this["words"].arn
  batch_size       = 10
  # Without this the service takes every message of a batch for done, also those that failed.
  function_response_types = ["ReportBatchItemFailures"]
  depends_on              = [aws_iam_role_policy.queue] # creating it asks whether the function may read the queue
}
