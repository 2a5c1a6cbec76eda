// SPDX-License-Identifier: BSL-1.0
// A Phi value doesn't become anything else by itself.
//
// error[print]: a Phi value identifies a person and can't be printed or logged
// error[compare]: a Phi value can't be compared; open both with reveal(Reason)
// error[compare_two]: a Phi value can't be compared; open both with reveal(Reason)
// error[differ]: a Phi value can't be compared; open both with reveal(Reason)
// error[value_from]: a Phi value can't be put into JSON; send it through PhiFilterPolicy
// error[json]: a Phi value can't be put into JSON; send it through PhiFilterPolicy
// error[format]: a Phi value can't be formatted; open it with reveal(Reason)
// error[string]: Phi<std::
// error[view]: deleted
// error-only(gcc)[view]: deleted function
// error[number]: Phi<int>
// error[reason]: a reason must not be empty
// error[run_time_reason]: Reason
#include <hilum/core/phi.hpp>

#include <boost/json/value_from.hpp>

#include <iostream>
#include <string>

using namespace hilum;

void use(Phi<std::string> name, Phi<int> age, std::string text) {
    std::cout << name.reveal("printed on the patient's own letter") << text;
    boost::json::object object;
    object["name"] = name.reveal("the host's own database");
    (void)age;
#ifdef CASE_print
    std::cout << name;
#endif
#ifdef CASE_compare
    (void)(name == "Ann");
#endif
#ifdef CASE_compare_two
    (void)(name == name);
#endif
#ifdef CASE_differ
    (void)(age != 40);
#endif
#ifdef CASE_value_from
    (void)boost::json::value_from(name);
#endif
#ifdef CASE_json
    object["name"] = name;
#endif
#ifdef CASE_format
    (void)format_as(name);
#endif
#ifdef CASE_string
    std::string const opened = name;
#endif
#ifdef CASE_view
    std::string_view const opened = name;
#endif
#ifdef CASE_number
    int const opened = age;
#endif
#ifdef CASE_reason
    (void)name.reveal("");
#endif
#ifdef CASE_run_time_reason
    (void)name.reveal(text);
#endif
}
