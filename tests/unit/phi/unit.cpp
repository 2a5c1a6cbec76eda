// SPDX-License-Identifier: BSL-1.0
#include <hilum/phi/unit.hpp>

#include "catch.hpp"

using namespace hilum;

TEST_CASE("units of UCUM pass") {
    for (auto const* unit : {"mm[Hg]",
                             "fL",
                             "mg/dL",
                             "{score}",
                             "cm",
                             "kg",
                             "kg/m2",
                             "10*3/uL",
                             "g/dL",
                             "%",
                             "pg",
                             "kU/L",
                             "mL/min/{1.73_m2}",
                             "Cel",
                             "/min",
                             "mmol/L",
                             "[degF]",
                             "[lb_av]",
                             "U/L",
                             "ng/mL",
                             "10*9/L",
                             "mosm/kg",
                             "m/s",
                             "{INR}",
                             "1"}) {
        INFO(unit);
        CHECK(ucum_unit(unit) == unit);
    }
}

TEST_CASE("common spellings become UCUM, annotations go") {
    CHECK(ucum_unit("mmHg") == "mm[Hg]");
    CHECK(ucum_unit("beats/minute") == "/min");
    CHECK(ucum_unit("mL/{Ann Example}") == "mL/1");
    CHECK(ucum_unit("mg{Ann}") == "mg");
}

TEST_CASE("nothing else passes for a unit") {
    for (auto const* text :
         {"",
          "Ann Example",
          "Smith",
          "999-12-3456",
          "kg/",
          "kg//m",
          "..",
          "m[Hg",
          "{x",
          "kg Ann",
          "[Ann]",
          "1961-05-17",
          "kg4711",
          "A1B2C3"}) {
        INFO(text);
        CHECK_FALSE(ucum_unit(text));
    }
}

TEST_CASE("values have the digits of their unit") {
    CHECK(rounded_to_unit(168.80253764416227, "cm") == 168.8);
    CHECK(rounded_to_unit(128.4, "mm[Hg]") == 128);
    CHECK(rounded_to_unit(4.312345, "10*6/uL") == 4.31);
    CHECK(rounded_to_unit(0.98199, "{score}") == 1);
    CHECK(rounded_to_unit(12345.678, "xyz") == 12346);
    CHECK(rounded_to_unit(12.3456, "xyz") == Approx(12.3));
    CHECK(rounded_to_unit(0.0123456, "mg/dL") == Approx(0.012));
    CHECK(rounded_to_unit(0, "cm") == 0);
    CHECK(rounded_to_unit(-3.14159, "Cel") == Approx(-3.1));
    CHECK(rounded_to_unit(1e-300, "cm") == 0);
}
