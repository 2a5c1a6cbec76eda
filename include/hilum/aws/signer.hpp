// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/aws/credentials.hpp>
#include <hilum/aws/signing_input.hpp>
#include <hilum/core/clock.hpp>
#include <hilum/http/message.hpp>

#include <memory>
#include <string>

namespace hilum::inline HILUM_ABI::aws {

/// Signs requests to one service in one region, about 1.5 us for a short body.
///
/// @code
/// aws::Signer signer("us-east-1", "bedrock");
/// signer.sign(request, credentials, cx.clock().wall());
/// @endcode
///
/// It keeps hash contexts and buffers, and in them the key that it derived last for a day and
/// credentials; as many as threads sign at once. Copies share them. Thread safety: any thread.
class Signer {
public:
    /// Throws `ConfigurationError` when the region can't be one.
    Signer(std::string region, std::string service, SigningOptions options = {});

    /// Adds `X-Amz-Date`, `X-Amz-Security-Token` (for a session) and `Authorization`. Signed are
    /// the host, `Content-Type` and every `X-Amz-...` line of the request, with path, query and
    /// body.
    void sign(HttpRequest& request, Credentials const& credentials, Clock::wall_time now) const;

    std::string const& region() const noexcept;

private:
    struct Workspace;
    struct Shared;

    std::shared_ptr<Shared> shared_;
};

} // namespace hilum::inline HILUM_ABI::aws

#ifndef HILUM_SEPARATE_COMPILATION
#    include <hilum/aws/impl/signer.ipp>
#endif
