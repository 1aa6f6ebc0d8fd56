// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// The vocabulary of the Lambda Runtime API 2018-06-01, shared by its client and the emulator's server.
/// Nothing outside of api/ and emulator/ spells these.
namespace api::wire {

inline constexpr std::string_view kNextPath = "/2018-06-01/runtime/invocation/next";
inline constexpr std::string_view kInvocationPath =
    "/2018-06-01/runtime/invocation/";  ///< + id + suffix below
inline constexpr std::string_view kResponseSuffix = "/response";
inline constexpr std::string_view kErrorSuffix = "/error";
inline constexpr std::string_view kInitErrorPath = "/2018-06-01/runtime/init/error";
inline constexpr std::string_view kRestoreNextPath = "/2018-06-01/runtime/restore/next";
inline constexpr std::string_view kRestoreErrorPath = "/2018-06-01/runtime/restore/error";

/// The Extensions API 2020-01-01, as far as an internal extension without events needs it.
inline constexpr std::string_view kExtensionRegisterPath = "/2020-01-01/extension/register";
inline constexpr std::string_view kExtensionNextPath = "/2020-01-01/extension/event/next";
inline constexpr std::string_view kExtensionName = "Lambda-Extension-Name";
inline constexpr std::string_view kExtensionIdentifier = "Lambda-Extension-Identifier";

inline constexpr std::string_view kContextPrefix = "Lambda-Runtime-";
inline constexpr std::string_view kRequestId = "Lambda-Runtime-Aws-Request-Id";
inline constexpr std::string_view kDeadline = "Lambda-Runtime-Deadline-Ms";
inline constexpr std::string_view kFunctionArn = "Lambda-Runtime-Invoked-Function-Arn";
inline constexpr std::string_view kTraceId = "Lambda-Runtime-Trace-Id";
inline constexpr std::string_view kClientContext = "Lambda-Runtime-Client-Context";
inline constexpr std::string_view kCognitoIdentity = "Lambda-Runtime-Cognito-Identity";
inline constexpr std::string_view kTenantId = "Lambda-Runtime-Aws-Tenant-Id";
inline constexpr std::string_view kInvocationId = "Lambda-Runtime-Invocation-Id";
inline constexpr std::string_view kErrorType = "Lambda-Runtime-Function-Error-Type";
inline constexpr std::string_view kErrorBody = "Lambda-Runtime-Function-Error-Body";  ///< a trailer, base64
inline constexpr std::string_view kResponseMode = "Lambda-Runtime-Function-Response-Mode";
inline constexpr std::string_view kStreaming = "streaming";  ///< the only value of it
inline constexpr std::string_view kXrayCause = "Lambda-Runtime-Function-XRay-Error-Cause";

/// Ours, between our bootstrap and our emulator alone, which cannot see what a short-lived child has used: on
/// an event, that the emulator wants to know; on the answer, the memory of the call's largest process in KiB.
inline constexpr std::string_view kWantsMemory = "Shellstrap-Wants-Memory";
inline constexpr std::string_view kPeakMemory = "Shellstrap-Peak-Memory-Kib";

/// Largest event of a synchronous call and largest buffered response, as the service documents and its
/// emulator enforces (6 MiB; 6 MiB + 100 bytes).
inline constexpr std::size_t kLargestEvent = 6 * 1024 * 1024;
inline constexpr std::size_t kLargestResponse = 6 * 1024 * 1024 + 100;
/// And largest streamed response, as the service documents.
inline constexpr std::size_t kLargestStreamedResponse = 200 * 1024 * 1024;

/// A streamed response of this type starts with a prelude: JSON with statusCode, headers and cookies, and
/// kPreludeEnd behind it.
inline constexpr std::string_view kIntegrationType = "application/vnd.awslambda.http-integration-response";
inline constexpr std::string_view kPreludeEnd{"\0\0\0\0\0\0\0\0", 8};

/// `text` with every byte outside of A-Z a-z 0-9 - . _ ~ as %XX: a request id is opaque and stands in a path.
std::string percent_encode(std::string_view text);

}  // namespace api::wire
