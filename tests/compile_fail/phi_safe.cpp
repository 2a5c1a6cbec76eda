// SPDX-License-Identifier: BSL-1.0
// Where a function demands a filtered service.
//
// error[bare]: this function demands a service with PhiFilterPolicy in front of it
// error[guarded]: this function demands a service with PhiFilterPolicy in front of it
// error[by_concept]: no matching function
// error-only(gcc)[by_concept]: PhiSafeService
#include <hilum/model/concepts.hpp>

#include "services.hpp"

using namespace hilum;

struct Filter : Guard {
    static constexpr bool filters_phi = true;
};

template <class S>
void summarise(PhiSafe<S> service);

void summarise_by_concept(PhiSafeService auto const& service);

void call(Model const& model) {
    summarise<Guarded<Model, Filter>>(Filter() | model);
    summarise(PhiSafe(Filter() | Guard() | model));
    summarise_by_concept(Guard() | Filter() | model);
#ifdef CASE_bare
    summarise<Model>(model);
#endif
#ifdef CASE_guarded
    summarise(PhiSafe(Guard() | model));
#endif
#ifdef CASE_by_concept
    summarise_by_concept(Guard() | model);
#endif
}
