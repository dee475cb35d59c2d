# Language level, warnings, hardening and sanitizers: the same for every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast -Wnon-virtual-dtor
    -Werror -fno-omit-frame-pointer -pthread)
if(PILOTHOUSE_UNITY)
    add_compile_options(-Wno-shadow)   # a local may have the name of another file's own
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    add_compile_options(-fstack-protector-strong)
endif()

if(PILOTHOUSE_SANITIZE)
    add_compile_options(-fsanitize=${PILOTHOUSE_SANITIZE} -fno-sanitize-recover=all -g1)
    add_link_options(-fsanitize=${PILOTHOUSE_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_definitions(_FORTIFY_SOURCE=2)
    add_link_options(-Wl,-z,relro,-z,now -Wl,--as-needed -s)
endif()
