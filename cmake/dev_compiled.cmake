# SPDX-License-Identifier: BSL-1.0
#
# In hilum's own build hilum::compiled is one source for each folder instead of one for all: they
# compile in parallel, and new bodies are found. That src.hpp lists them all is checked by tools/lint,
# that it compiles and links by the test consumer_compiled.

target_link_libraries(hilum_compiled PRIVATE hilum_dev)

file(GLOB_RECURSE bodies RELATIVE "${PROJECT_SOURCE_DIR}/include" CONFIGURE_DEPENDS include/*.ipp)
set(folders "")
foreach(body IN LISTS bodies)
    string(REGEX REPLACE "^hilum/([^/]+)/.*" "\\1" folder "${body}")
    list(APPEND folders ${folder})
    string(APPEND bodies_${folder} "#include <${body}>\n")
endforeach()
list(REMOVE_DUPLICATES folders)

set(sources "")
foreach(folder IN LISTS folders)
    set(declarations "")
    file(GLOB_RECURSE headers RELATIVE "${PROJECT_SOURCE_DIR}/include" include/hilum/${folder}/*.hpp)
    foreach(header IN LISTS headers)
        file(STRINGS "include/${header}" has_body REGEX "#[ ]*include <.*\\.ipp>")
        if(has_body)
            string(APPEND declarations "#include <${header}>\n")
        endif()
    endforeach()
    set(source "${PROJECT_BINARY_DIR}/compiled/${folder}.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "${declarations}\n${bodies_${folder}}" @ONLY)
    list(APPEND sources "${source}")
endforeach()
if(sources)
    set_property(TARGET hilum_compiled PROPERTY SOURCES ${sources})
endif()
