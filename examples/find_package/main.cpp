// SPDX-License-Identifier: BSL-1.0
//
// A guarded call to a model that isn't there: enough to see that an installed hilum compiles, links
// and works.
#include <hilum.hpp>
#include <hilum/testing/mock_model_service.hpp>

#include <iostream>
#include <memory>

using namespace hilum;

int main() {
    MockModelService mock;
    mock.fail_next(Error(errc::unavailable)).answer_text("Hello from a model that isn't there.");

    auto const journal = std::make_shared<MemoryJournal>();
    auto const service = standard(mock, journal);

    auto const reply = run(service.generate_text("Say hello."));
    if (!reply) {
        std::cerr << reply.error().message() << '\n';
        return 1;
    }
    std::cout << "hilum " << HILUM_VERSION_STRING << ": "
              << reply->reveal("printed by an example without patients").text << '\n'
              << "guarded by " << describe(service).text() << '\n'
              << "audited:\n"
              << journal->text();
    return mock.call_count() == 2 ? 0 : 1;
}
