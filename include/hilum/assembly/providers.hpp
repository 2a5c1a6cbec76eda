// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/assembly/standard.hpp>
#include <hilum/audit/any_store.hpp>
#include <hilum/bedrock/service.hpp>
#include <hilum/core/config.hpp>
#include <hilum/core/exceptions.hpp>
#include <hilum/http/http_client.hpp>
#include <hilum/model/any_service.hpp>
#include <hilum/openai/service.hpp>
#include <hilum/phi/patient.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hilum::inline HILUM_ABI {

/// A host's services by name: built from configurations, each behind the standard policies, each
/// replaceable in a test.
///
/// @code
/// Providers providers(http, journal);
/// providers.add("summaries", OpenAiConfig::from_environment().model("gpt-4.1-mini"));
/// providers.add("coding", BedrockConfig::from_environment().model("amazon.nova-lite-v1:0"));
/// auto reply = co_await providers.get("summaries").generate_text(
///     "Summarise.", about(patient).only("age"));
///
/// // In a test: the same guards, no network.
/// providers.override_with("summaries", MockModelService("answers.json"));
/// @endcode
///
/// Each name has its own breaker, budget and limits. `Client` is the HTTP client that the adapters
/// share. A plain value: fill it in at start-up; afterwards `get` may be called from any thread.
template <HttpClient Client>
class Providers {
public:
    using Service = AnyPhiSafeService<Patient>;

    /// `policies` are used for every name that isn't added with its own.
    template <AuditStore Store>
    Providers(Client http, std::shared_ptr<Store> journal, StandardPolicies policies = {})
        : http_(std::move(http)), journal_(std::make_shared<AnyAuditStore>(std::move(journal))),
          policies_(std::move(policies)) {}

    /// Throws `ConfigurationError` for a name that is taken, or settings that can't work.
    Providers& add(std::string name, OpenAiConfig config) {
        return insert(std::move(name), OpenAiService<Client>(http_, std::move(config)), policies_);
    }

    Providers& add(std::string name, BedrockConfig config) {
        return insert(std::move(name), BedrockService<Client>(http_, std::move(config)), policies_);
    }

    /// A service of the host's own, or one that needs other figures than the rest.
    template <class S>

    requires TextGenerationService<S> || ModelService<S> Providers& add(
        std::string name, S service, StandardPolicies const& policies
    ) {
        return insert(std::move(name), std::move(service), policies);
    }

    /// Puts another service behind the same policies, in a test or a rehearsal. Throws
    /// `ConfigurationError` for a name that isn't there.
    template <class S>
    Providers& override_with(std::string_view name, S service) {
        auto& entry = find(entries_, name);
        entry.service = Service(standard(std::move(service), journal_, entry.policies));
        return *this;
    }

    /// The service of that name. Throws `ConfigurationError` that lists the names there are.
    Service const& get(std::string_view name) const { return find(entries_, name).service; }

    bool contains(std::string_view name) const { return entries_.find(name) != entries_.end(); }

private:
    struct Entry {
        Service service;
        StandardPolicies policies;
    };

    template <class S>
    Providers& insert(std::string name, S service, StandardPolicies const& policies) {
        if (entries_.contains(name))
            throw ConfigurationError("providers." + name, "this name is taken");
        Service guarded(standard(std::move(service), journal_, policies));
        entries_.emplace(std::move(name), Entry{std::move(guarded), policies});
        return *this;
    }

    template <class Entries>
    static auto& find(Entries& entries, std::string_view name) {
        auto const at = entries.find(name);
        if (at != entries.end())
            return at->second;
        std::string known;
        for (auto const& [key, entry] : entries)
            known.append(known.empty() ? "" : ", ").append(key);
        throw ConfigurationError(
            "providers." + std::string(name), "no such service; known are: " + known
        );
    }

    Client http_;
    std::shared_ptr<AnyAuditStore> journal_;
    StandardPolicies policies_;
    std::map<std::string, Entry, std::less<>> entries_;
};

} // namespace hilum::inline HILUM_ABI
