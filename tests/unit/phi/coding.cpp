// SPDX-License-Identifier: BSL-1.0
#include <hilum/phi/coding.hpp>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("codes have the form of their system") {
    using enum CodeSystem;
    CHECK(is_well_formed_code(loinc, "8302-2"));
    CHECK(is_well_formed_code(loinc, "29463-7"));
    CHECK_FALSE(is_well_formed_code(loinc, "8302-3"));
    CHECK_FALSE(is_well_formed_code(loinc, "999-48-8934"));
    CHECK(is_well_formed_code(snomed, "38341003"));
    CHECK(is_well_formed_code(snomed, "428191000124101"));
    CHECK_FALSE(is_well_formed_code(snomed, "38341004"));
    CHECK_FALSE(is_well_formed_code(snomed, "Ada"));
    CHECK(is_well_formed_code(icd10, "I10"));
    CHECK(is_well_formed_code(icd10cm, "E11.9"));
    CHECK(is_well_formed_code(icd10cm, "S52.521A"));
    CHECK_FALSE(is_well_formed_code(icd10, "SMITH"));
    CHECK(is_well_formed_code(icd9cm, "250.00"));
    CHECK(is_well_formed_code(rxnorm, "310798"));
    CHECK_FALSE(is_well_formed_code(rxnorm, "9991234567"));
    CHECK(is_well_formed_code(atc, "C03AA03"));
    CHECK_FALSE(is_well_formed_code(atc, "C03A3"));
    CHECK(is_well_formed_code(ndc, "0002-8215-01"));
    CHECK_FALSE(is_well_formed_code(ndc, "617-555-0199"));
}

TEST_CASE("known systems are told by their URI") {
    CHECK(known_code_system("http://loinc.org") == CodeSystem::loinc);
    CHECK(known_code_system("urn:oid:2.16.840.1.113883.6.96") == CodeSystem::snomed);
    CHECK_FALSE(known_code_system("http://loinc.org/x"));
    CHECK_FALSE(known_code_system("http://hospital.example/local"));
    CHECK_FALSE(known_code_system(""));
}

TEST_CASE("a display is a short plain text") {
    CHECK(is_plausible_display("Hydrochlorothiazide 25 MG"));
    CHECK(is_plausible_display("NDA020800 0.3 ML Epinephrine 1 MG/ML Auto-Injector"));
    CHECK(is_plausible_display("Sjögren's syndrome"));
    CHECK_FALSE(is_plausible_display(""));
    CHECK_FALSE(is_plausible_display("write to ann@example.org"));
    CHECK_FALSE(is_plausible_display("see http://example.org"));
    CHECK_FALSE(is_plausible_display("call 555-0199"));
    CHECK_FALSE(is_plausible_display("since 2019-03-16"));
    CHECK_FALSE(is_plausible_display("a\nb"));
    CHECK_FALSE(is_plausible_display("\xff"));
    CHECK_FALSE(is_plausible_display(std::string(201, 'a')));
}
