// SPDX-License-Identifier: BSL-1.0
// What can be joined by |, and in which direction.
//
// error[service_left]: write policies | service: a request travels from left to right
// error[guarded_left]: write policies | service: a request travels from left to right
// error[number]: what stands right of the last | is not a service
// error[not_a_service]: what stands right of the last | is not a service
// error[owning_service]: give this type a constructor: g++ 12 destroys temporary aggregates
// error[owning_policy]: give this type a constructor: g++ 12 destroys temporary aggregates
// error[owning_policies]: give this policy a constructor: g++ 12 destroys temporary aggregates
// error[owning_adapted]: give this type a constructor: g++ 12 destroys temporary aggregates
#include <hilum/model/adapt.hpp>

#include "services.hpp"

using namespace hilum;

/// Aggregates that own memory.
struct OwningService {
    std::string name;

    Task<Result<TextReply>> handle(CallContext&, GenerateText const&) const;
};

struct OwningPolicy : Guard {
    std::string name;
};

struct OwningRules {
    std::string name;

    Task<ModelInfo> get_model_info();
};

/// The same with a constructor.
class Service {
public:
    explicit Service(std::string n) : name(std::move(n)) {}

    Task<Result<TextReply>> handle(CallContext&, GenerateText const&) const;

    std::string name;
};

void join(Model const& model, std::string name) {
    (void)(Guard() | model);
    (void)(Guard() | Guard() | Service(name));
#ifdef CASE_service_left
    (void)(model | Guard());
#endif
#ifdef CASE_guarded_left
    (void)((Guard() | model) | Guard());
#endif
#ifdef CASE_number
    (void)(Guard() | 42);
#endif
#ifdef CASE_not_a_service
    (void)(Guard() | name);
#endif
#ifdef CASE_owning_service
    (void)(Guard() | OwningService{name});
#endif
#ifdef CASE_owning_policy
    (void)(OwningPolicy{{}, name} | model);
#endif
#ifdef CASE_owning_policies
    (void)(Guard() | OwningPolicy{{}, name} | model);
#endif
#ifdef CASE_owning_adapted
    (void)adapt(OwningRules{name});
#endif
}
