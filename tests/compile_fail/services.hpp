// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The smallest service that can do all, for what must and must not compile.

#include <hilum/model/facade.hpp>
#include <hilum/model/guarded.hpp>

class Model : public hilum::ServiceFacade<Model> {
public:
    template <class Op>
    using Reply = hilum::Task<hilum::Result<hilum::response_t<Op>>>;

    Reply<hilum::GenerateText> handle(hilum::CallContext&, hilum::GenerateText const&) const;
    Reply<hilum::StreamText> handle(hilum::CallContext&, hilum::StreamText const&) const;
    Reply<hilum::Embed> handle(hilum::CallContext&, hilum::Embed const&) const;
    Reply<hilum::Predict<>> handle(hilum::CallContext&, hilum::Predict<> const&) const;
    Reply<hilum::GetModelInfo> handle(hilum::CallContext&, hilum::GetModelInfo const&) const;
};

/// A policy that lets everything pass.
struct Guard {
    using policy = hilum::deciding;

    struct Visit {
        hilum::Verdict leave(hilum::CallContext&, hilum::Outcome const&) { return {}; }
    };

    hilum::Result<Visit> enter(hilum::CallContext&) const { return Visit(); }
};
