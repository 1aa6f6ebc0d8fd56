// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/role_policy.h"

namespace cli {

std::string trust_policy() {
  return R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", )"
         R"("Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})";
}

std::string log_policy(const std::string& partition, const std::string& function) {
  return R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["logs:CreateLogGroup", )"
         R"("logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "arn:)" +
         partition + ":logs:*:*:log-group:/aws/lambda/" + function + R"(:*"}]})";
}

}  // namespace cli
