# SPDX-License-Identifier: Apache-2.0
output "functions" {
  value = { for name, fn in aws_lambda_function.this : name => fn.function_name }
}

output "progress_url" {
  value = aws_lambda_function_url.progress.function_url
}

output "queue_url" {
  value = aws_sqs_queue.words.url
}
