// SPDX-License-Identifier: BSL-1.0
// Bodies of hilum/phi/fields.hpp, which includes this file or leaves it to hilum/src.hpp.

namespace hilum::inline HILUM_ABI {

HILUM_DECL json::value age_field(Date birth, Date at) {
    auto const age = age_in_years(birth, at);
    if (!age)
        return nullptr;
    if (*age > 89)
        return "90 or older";
    return *age;
}

namespace detail {

inline std::string join_names(std::string_view sentence, std::span<std::string_view const> names) {
    std::string out(sentence);
    std::string_view separator;
    for (auto const name : names) {
        out.append(separator).append(name);
        separator = ", ";
    }
    return out;
}

HILUM_DECL Error unknown_field(std::span<std::string_view const> known) {
    return Error(
        errc::phi_blocked,
        join_names("a field was asked for that the record hasn't; it has: ", known)
    );
}

HILUM_DECL Error no_field(std::span<std::string_view const> known) {
    return Error(
        errc::invalid_request,
        join_names(
            "no field was asked for, and nothing is sent by default; the record has: ", known
        )
    );
}

HILUM_DECL Result<void> check_known(
    json::value const& value,
    std::string_view field,
    KnownIdentifiers const& known,
    PseudonymVault const& vault
) {
    auto const refuse = [&](std::string_view text) {
        return known.occur_in(text) && !vault.resolve(text);
    };
    bool found = false;
    if (auto const* text = value.if_string()) {
        found = refuse(*text);
    } else if (auto const* many = value.if_array()) {
        for (auto const& element : *many)
            if (auto checked = check_known(element, field, known, vault); !checked)
                return checked;
    } else if (auto const* object = value.if_object()) {
        for (auto const& [key, child] : *object) {
            found = found || refuse(key);
            if (auto checked = check_known(child, field, known, vault); !checked)
                return checked;
        }
    }
    if (found)
        return Error(
            errc::phi_blocked,
            std::string("the field ").append(field).append(" holds what identifies its subject")
        );
    return {};
}

} // namespace detail

} // namespace hilum::inline HILUM_ABI
