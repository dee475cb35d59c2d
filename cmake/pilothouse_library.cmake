# One folder = one namespace = one target.
#
#   pilothouse_library(<name> SOURCES a.cpp … LINKS public targets … PRIVATE private targets …)
set(PILOTHOUSE_OFTEN_INCLUDED <string> <string_view> <vector> <memory> <functional>
    <boost/asio/awaitable.hpp> <boost/asio/io_context.hpp> <boost/system/result.hpp>)

function(pilothouse_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PRIVATE" ${ARGN})
    set(target pilothouse_${name})
    add_library(${target} STATIC ${arg_SOURCES})
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(${target} PUBLIC ${arg_LINKS} PRIVATE ${arg_PRIVATE})
    # Every header beside the sources compiles alone; tools/lint builds all_verify_interface_header_sets.
    # A folder of two libraries is the first one's.
    set(headers)
    foreach(source IN LISTS arg_SOURCES)
        cmake_path(ABSOLUTE_PATH source)
        cmake_path(GET source PARENT_PATH folder)
        get_property(is_known GLOBAL PROPERTY "PILOTHOUSE_HEADERS_OF_${folder}")
        if(NOT is_known)
            set_property(GLOBAL PROPERTY "PILOTHOUSE_HEADERS_OF_${folder}" ON)
            file(GLOB found CONFIGURE_DEPENDS "${folder}/*.hpp")
            list(APPEND headers ${found})
        endif()
    endforeach()
    target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${headers})
    set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
    if(PILOTHOUSE_PCH)
        target_precompile_headers(${target} PRIVATE ${PILOTHOUSE_OFTEN_INCLUDED})
    endif()
endfunction()
