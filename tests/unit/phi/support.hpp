// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <hilum/core/manual_clock.hpp>
#include <hilum/model/facade.hpp>
#include <hilum/model/guarded.hpp>
#include <hilum/model/text_stream.hpp>
#include <hilum/phi/patient.hpp>

#include <boost/json/parse.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hilum_test {

using namespace hilum;

/// Opens what a test looks at.
template <class T>
T const& open(Phi<T> const& phi) {
    return phi.reveal("looked at by a test");
}

/// What a `Recorder` saw and is to answer; shared, so that a test keeps hold of it.
struct Recording {
    Environment environment;
    std::vector<std::string> prompts;
    std::vector<json::value> inputs;
    std::vector<std::shared_ptr<Disclosure>> disclosures;
    /// Makes the reply out of the prompt; the prompt itself by default.
    std::function<std::string(std::string const&)> reply = [](std::string const& p) { return p; };
    std::optional<Error> error;
    std::size_t chunk = 1; ///< bytes of a delta
};

class ChunkSource final : public TextSource {
public:
    ChunkSource(std::string text, std::size_t chunk) : text_(std::move(text)), chunk_(chunk) {}

    Task<Result<std::optional<TextDelta>>> next(CallContext&) override {
        if (at_ >= text_.size())
            co_return std::optional<TextDelta>();
        std::optional<TextDelta> delta(TextDelta(text_.substr(at_, chunk_)));
        at_ += chunk_;
        co_return delta;
    }

private:
    std::string text_;
    std::size_t chunk_, at_ = 0;
};

/// A service that writes down what reaches it.
class Recorder : public ServiceFacade<Recorder> {
public:
    explicit Recorder(std::shared_ptr<Recording> r) : seen_(std::move(r)) {}

    Environment environment() const { return seen_->environment; }

    Destination destination() const { return Destination("recorder", "localhost", "", "model-1"); }

    Task<Result<TextReply>> handle(CallContext& cx, GenerateText const& op) const {
        note(cx, op.prompt.value());
        if (seen_->error)
            co_return *seen_->error;
        co_return TextReply(seen_->reply(op.prompt.value()));
    }

    Task<Result<TextStream>> handle(CallContext& cx, StreamText const& op) const {
        note(cx, op.prompt.value());
        if (seen_->error)
            co_return *seen_->error;
        co_return TextStream(
            cx, std::make_unique<ChunkSource>(seen_->reply(op.prompt.value()), seen_->chunk)
        );
    }

    Task<Result<ModelResult>> handle(CallContext& cx, Predict<> const& op) const {
        seen_->inputs.push_back(op.input.value());
        seen_->disclosures.push_back(cx.disclosure);
        ModelResult out(0.5, 0.8);
        out.features["echo"] = op.input.value();
        co_return out;
    }

    Task<Result<Embeddings>> handle(CallContext& cx, Embed const& op) const {
        for (auto const& input : op.inputs)
            note(cx, input.value());
        co_return Embeddings();
    }

    Task<Result<ModelInfo>> handle(CallContext&, GetModelInfo const&) const {
        co_return ModelInfo("model-1", "recorder", {});
    }

private:
    void note(CallContext const& cx, std::string const& text) const {
        seen_->prompts.push_back(text);
        seen_->disclosures.push_back(cx.disclosure);
    }

    std::shared_ptr<Recording> seen_;
};

/// All of a stream, and the error that ended it.
inline Task<std::pair<std::string, Error>> drain(PhiTextStream stream) {
    std::pair<std::string, Error> out;
    for (;;) {
        auto delta = co_await stream.next();
        if (!delta) {
            out.second = delta.error();
            co_return out;
        }
        if (!*delta)
            co_return out;
        out.first += open(**delta).text;
    }
}

/// The block of JSON at the end of a prompt.
inline json::object block_of(std::string const& prompt) {
    auto const at = prompt.find("\n\n{");
    return json::parse(prompt.substr(at + 2)).as_object();
}

/// A person of the tests' own invention.
inline Patient example_patient() {
    Patient patient("mrn-4711-0815");
    KnownIdentifiers known;
    known.add_name("Ada Tamsin Quillfeather");
    known.add_value("mrn-4711-0815");
    known.add_value("999-12-3456");
    patient.known = std::make_shared<KnownIdentifiers const>(std::move(known));
    patient.name = Phi<std::string>("Ada Quillfeather");
    patient.birth_date = Phi<Date>(Date(1961, 5, 17));
    std::vector<BiometricReading> readings;
    readings.emplace_back(
        Coding(CodeSystem::loinc, "29463-7", "Body Weight"),
        Quantity(71.43912, "kg"),
        Date(2025, 11, 3)
    );
    std::vector<ReadingPart> pressure;
    pressure.emplace_back(
        Coding(CodeSystem::loinc, "8480-6", "Systolic Blood Pressure"), Quantity(128.4, "mm[Hg]")
    );
    pressure.emplace_back(
        Coding(CodeSystem::loinc, "8462-4", "Diastolic Blood Pressure"), Quantity(81.6, "mm[Hg]")
    );
    readings.emplace_back(
        Coding(CodeSystem::loinc, "55284-4", "Blood Pressure"),
        std::move(pressure),
        Date(2025, 12, 1)
    );
    patient.biometrics = Phi<std::vector<BiometricReading>>(std::move(readings));
    std::vector<Coding> conditions;
    conditions.emplace_back(CodeSystem::snomed, "38341003", "Hypertension");
    patient.conditions = Phi<std::vector<Coding>>(std::move(conditions));
    std::vector<Coding> medications;
    medications.emplace_back(CodeSystem::rxnorm, "310798", "Hydrochlorothiazide 25 MG");
    patient.medications = Phi<std::vector<Coding>>(std::move(medications));
    return patient;
}

} // namespace hilum_test
