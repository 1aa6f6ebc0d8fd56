# SPDX-License-Identifier: Apache-2.0
"""What a CloudFormation template makes, whoever wrote it."""


def resources(template, kind):
    """{logical id: properties} of that type."""
    return {name: resource.get("Properties", {}) for name, resource in template["Resources"].items()
            if resource["Type"] == kind}


def functions(template, name_of, layer_of, folder_of):
    """As Case.check_functions takes them; the caller knows what ids, layers and packages are called there."""
    return {name_of(name): {
        "handler": function["Handler"], "folder": folder_of(function["Code"]),
        "layers": [layer_of(layer) for layer in function["Layers"]],
        "environment": function.get("Environment", {}).get("Variables", {}),
        "architecture": "".join(function["Architectures"]), "runtime": function["Runtime"],
    } for name, function in resources(template, "AWS::Lambda::Function").items()}


def check_url_permissions(test, template):
    """Both, for the same caller, and the second one through the URL only: without it every call is answered with 403."""
    granted = {permission["Action"]: permission for permission in resources(template, "AWS::Lambda::Permission").values()}
    test.assertEqual(set(granted), {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"})
    url, function = granted["lambda:InvokeFunctionUrl"], granted["lambda:InvokeFunction"]
    test.assertEqual(url["FunctionUrlAuthType"], "AWS_IAM")
    test.assertIs(function["InvokedViaFunctionUrl"], True)
    test.assertEqual(url["Principal"], function["Principal"])
    test.assertNotEqual(url["Principal"], "*")


def check_queue_and_url(test, template):
    """The two things that fail silently where a template forgets them: partial batches, and a URL that streams."""
    (mapping,) = resources(template, "AWS::Lambda::EventSourceMapping").values()
    test.assertEqual(mapping["FunctionResponseTypes"], ["ReportBatchItemFailures"])
    (url,) = resources(template, "AWS::Lambda::Url").values()
    test.assertEqual((url["InvokeMode"], url["AuthType"]), ("RESPONSE_STREAM", "AWS_IAM"))
    check_url_permissions(test, template)
    (queue,) = [queue for queue in resources(template, "AWS::SQS::Queue").values() if "RedrivePolicy" in queue]
    (words,) = [function for function in resources(template, "AWS::Lambda::Function").values() if function["Handler"] == "words.sh"]
    test.assertGreaterEqual(queue["VisibilityTimeout"], 6 * words["Timeout"])
