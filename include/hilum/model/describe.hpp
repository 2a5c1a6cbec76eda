// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/destination.hpp>
#include <hilum/model/detail/service_traits.hpp>
#include <hilum/model/policy.hpp>

#include <string>
#include <utility>
#include <vector>

namespace hilum::inline HILUM_ABI {

/// One policy of a finished service.
class PolicyDescription {
public:
    PolicyDescription(std::string n, std::string o) : name(std::move(n)), options(std::move(o)) {}

    std::string name;    ///< "retry"
    std::string options; ///< "max_attempts=4", empty where the policy says nothing
};

/// What guards a service, and where it sends: for tests, start-up logs and audits.
class ServiceDescription {
public:
    std::vector<PolicyDescription> policies; ///< as a request meets them
    Destination destination;

    bool has(std::string_view policy) const {
        for (auto const& p : policies)
            if (p.name == policy)
                return true;
        return false;
    }

    /// "phi_filter | retry(max_attempts=4) | openai(gpt-4o at api.openai.com)"
    std::string text() const {
        std::string out;
        for (auto const& p : policies) {
            out += p.name;
            if (!p.options.empty())
                out.append("(").append(p.options).append(")");
            out += " | ";
        }
        out += destination.provider.empty() ? "service" : destination.provider;
        if (!destination.model.empty() && !destination.host.empty())
            out.append("(")
                .append(destination.model)
                .append(" at ")
                .append(destination.host)
                .append(")");
        else if (!destination.model.empty())
            out.append("(").append(destination.model).append(")");
        return out;
    }
};

namespace detail {

template <class S>
void describe_policies(S const& service, std::vector<PolicyDescription>& out) {
    if constexpr (requires { typename S::policy_list; }) {
        service.each_layer([&](auto const& slot) {
            using P = typename std::remove_cvref_t<decltype(slot)>::policy_type;
            out.emplace_back(std::string(policy_name<P>()), slot.description);
        });
        describe_policies(service.service(), out);
    }
}

} // namespace detail

/// Lists what guards a service.
///
/// @code
/// log.info(describe(service).text());
/// REQUIRE(describe(service).has("circuit_breaker"));
/// @endcode
template <class S>
ServiceDescription describe(S const& service) {
    ServiceDescription out;
    detail::describe_policies(service, out.policies);
    out.destination = detail::destination_of(service);
    return out;
}

} // namespace hilum::inline HILUM_ABI
