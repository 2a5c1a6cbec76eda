// SPDX-License-Identifier: BSL-1.0
// error[unknown_record]: hilum: PhiFilterPolicy doesn't know the fields of this record
// error[vault_printed]: hilum: a PseudonymVault can't be printed or logged
// error[known_printed]: hilum: known identifiers are PHI and can't be printed

#include <hilum/model/guarded.hpp>
#include <hilum/phi.hpp>

#include <iostream>

using namespace hilum;

namespace {

class Model : public ServiceFacade<Model> {
public:
    Task<Result<ModelResult>> handle(CallContext&, Predict<> const&) const {
        co_return ModelResult();
    }
};

class Stay {
public:
    int nights = 3;
};

} // namespace

#ifndef CASE_unknown_record
template <>
struct hilum::PhiFields<Stay> {
    static constexpr PhiField<Stay> fields[] = {
        {"nights", "as it is", [](Stay const& s, FieldContext&) -> json::value {
             return s.nights;
         }}};
};
#endif

int main() {
    auto service = PhiFilterPolicy{} | Model{};
    (void)run(service.predict(about(Stay{}).only("nights")));
    PseudonymVault vault{Random()};
    std::cout << vault.empty();
    KnownIdentifiers known;
    std::cout << known.size();
#ifdef CASE_vault_printed
    std::cout << vault;
#endif
#ifdef CASE_known_printed
    std::cout << known;
#endif
}
