# Two helpers for the whole tree: one library per folder, one test program per folder.

add_library(inkling_options INTERFACE)
target_include_directories(inkling_options INTERFACE "${CMAKE_SOURCE_DIR}")
set(_warnings -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor $<$<BOOL:${INKLING_WERROR}>:-Werror>)
# What nvcc hands to the C++ compiler is not pedantic.
set(_cuda_warnings -Wall -Wextra $<$<BOOL:${INKLING_WERROR}>:-Werror>)
target_compile_options(inkling_options INTERFACE
  "$<$<COMPILE_LANGUAGE:CXX>:${_warnings}>"
  "$<$<COMPILE_LANGUAGE:CUDA>:-Xcompiler=$<JOIN:${_cuda_warnings},$<COMMA>>>")
if(INKLING_SANITIZE)
  target_compile_options(inkling_options INTERFACE
    "$<$<COMPILE_LANGUAGE:CXX>:-fsanitize=address,undefined;-fno-sanitize-recover=undefined;-fno-omit-frame-pointer>")
  target_link_options(inkling_options INTERFACE -fsanitize=address,undefined)
endif()

# inkling_library(NAME SOURCES a.cpp ... DEPENDS inkling::base ... [PRIVATE_DEPENDS ...])
function(inkling_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  add_library(inkling_${name} STATIC ${ARG_SOURCES})
  add_library(inkling::${name} ALIAS inkling_${name})
  target_link_libraries(inkling_${name} PUBLIC inkling_options ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
endfunction()

# inkling_test(NAME SOURCES a.cpp ... DEPENDS ... [LABELS ...])
# One GoogleTest program and one ctest entry per test case; skipped cases show as skipped with their reason.
function(inkling_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LABELS" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE inkling_options ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 1800 LABELS "${ARG_LABELS}"
                       ENVIRONMENT "INKLING_SOURCE_DIR=${CMAKE_SOURCE_DIR};INKLING_BINARY_DIR=${CMAKE_BINARY_DIR}")
endfunction()
